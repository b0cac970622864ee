//! Columns that a person corrected are read so the next time.

use super::*;

fn from(source: &str, text: &str) -> NewFile {
    let origin = Origin { source: source.to_owned(), ..Origin::default() };
    NewFile { origin, ..file(text) }
}

/// Brings a file, corrects its columns and has it written.
async fn corrected(cast: &Cast, key: &str, file: NewFile, meanings: &[Meaning]) -> Import {
    let act = cast.act("anna", key);
    let origin = file.origin.clone();
    let id = actions::bring(&act.part("bring"), file).await.expect("brought");
    let seen = again(cast, id).await;
    let wanted = Reading { meanings: meanings.to_vec(), ..seen.reading };
    let read = actions::read_anew(&act.part("read"), id, seen.version, wanted, origin).await;
    read.expect("is read");
    actions::check(&act, id).await.expect("checked");
    let version = again(cast, id).await.version;
    actions::commit(&act.part("commit"), id, version).await.expect("begun");
    cast.settle().await;
    again(cast, id).await
}

async fn brought(cast: &Cast, key: &str, file: NewFile) -> Import {
    let id = actions::bring(&cast.act("anna", key), file).await.expect("brought");
    again(cast, id).await
}

const LIST: &str = "Объект;Код;Связь\nЛён;x1;84959637677\nШёлк;x2;84991611340\n";

both! {
    async fn the_same_columns_are_read_as_the_last_time(t: TestDb) {
        use Meaning::*;
        let cast = Cast::gather(t).await;
        let plain = brought(&cast, "plain", file(LIST)).await;
        assert_eq!((plain.read_like, &plain.reading.meanings[1]), (None, &Ignore));
        let first = corrected(&cast, "one", file(LIST), &[Name, Industry, Phones]).await;
        let other = LIST.replace("Лён", "Вата").replace("84959637677", "84959637688");
        let next = brought(&cast, "two", file(&other)).await;
        assert_eq!(next.read_like, Some(first.number));
        assert_eq!(next.reading.meanings, [Name, Industry, Phones]);
        cast.settle().await;
        let page = cast.client("anna").await.get(&format!("/imports/{}", next.id)).await.body;
        assert!(page.contains(&format!("import No. {}", first.number)), "{page}");
        let version = again(&cast, next.id).await.version;
        let anew = cast.act("anna", "anew");
        actions::guess_anew(&anew, next.id, version, Origin::default()).await.expect("guessed");
        let guessed = again(&cast, next.id).await;
        assert_eq!((guessed.read_like, guessed.reading.meanings), (None, plain.reading.meanings));
    }

    async fn what_was_taken_back_teaches_nothing(t: TestDb) {
        use Meaning::*;
        let cast = Cast::gather(t).await;
        let first = corrected(&cast, "one", file(LIST), &[Name, Industry, Phones]).await;
        undo(&cast, "undo", first.id).await;
        cast.settle().await;
        assert_eq!(brought(&cast, "two", file(LIST)).await.read_like, None);
    }

    async fn a_source_is_known_though_its_columns_moved_or_its_file_is_cut_otherwise(t: TestDb) {
        use Meaning::*;
        let cast = Cast::gather(t).await;
        let first = from("Ярмарка  ткани", LIST);
        let first = corrected(&cast, "one", first, &[Name, Industry, Phones]).await;
        let moved = "Связь;Новое;Объект;Код\n84959637688;да;Вата;x3\n";
        let next = brought(&cast, "moved", from("ярмарка ткани", moved)).await;
        assert_eq!(next.read_like, Some(first.number));
        assert_eq!(next.reading.meanings, [Phones, Ignore, Name, Industry]);
        let stranger = brought(&cast, "stranger", from("другая", moved)).await;
        assert_eq!(stranger.read_like, None);
        let bare = "Лён|84959637677\nШёлк|84991611340\n";
        let bare = corrected(&cast, "bare", from("реестр", bare), &[Name, Ignore]).await;
        let next = brought(&cast, "bare2", from("реестр", "Вата|84959637688\n")).await;
        assert_eq!((next.read_like, next.reading.has_header), (Some(bare.number), false));
        assert_eq!(next.reading.meanings, [Name, Ignore]);
        let nobody = brought(&cast, "bare3", file("Сито|84959637699\n")).await;
        assert_eq!(nobody.read_like, None, "two columns without names are everybody's");
    }
}
