//! What is asked of an import is told: who, when, of which.

use futures_util::StreamExt as _;

use super::*;

both! {
    async fn the_rows_of_a_file_are_handed_out_a_few_at_a_time(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", stops::long_list(600)).await;
        let anna = cast.client("anna").await;
        let path = format!("/imports/{}/rows.csv", import.id);
        let parts: Vec<_> = anna.listen(&path).await.collect().await;
        let lines: Vec<usize> = parts
            .into_iter()
            .map(|part| String::from_utf8(part.expect("a part").to_vec()).expect("a text"))
            .map(|part| part.lines().count())
            .collect();
        assert_eq!(lines, [1, 500, 100], "the heading, and the rows as they are read");
    }

    async fn each_step_that_a_person_asks_for_is_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", MESSY).await;
        undo(&cast, "undo", import.id).await;
        cast.settle().await;
        let act = cast.act("gleb", "two");
        let second = actions::bring(&act, file(MESSY)).await.expect("brought");
        let seen = again(&cast, second).await;
        let (version, origin) = (seen.version, Origin::default());
        let guessed = cast.act("gleb", "guess");
        actions::guess_anew(&guessed, second, version, origin).await.expect("guessed");
        let mut tx = cast.app.db.read().await.expect("reads");
        for (kind, who, id) in [
            (Kind::ImportBrought, "anna", import.id),
            (Kind::ImportBegun, "anna", import.id),
            (Kind::ImportUndoBegun, "anna", import.id),
            (Kind::ImportBrought, "gleb", second),
            (Kind::ImportReadAnew, "gleb", second),
        ] {
            let always = (Instant(0), Instant(i64::MAX));
            let told = events::list_of_kind(&mut tx, cast.org, kind, always).await.expect("reads");
            let of_it: Vec<_> =
                told.iter().filter(|event| event.subject == id.to_string()).collect();
            assert_eq!(of_it.len(), 1, "{kind}");
            assert_eq!((of_it[0].actor, of_it[0].person), (Some(cast.id(who)), Some(cast.id(who))));
            assert_eq!(of_it[0].detail["rows"], 11, "{kind}");
            assert!(!of_it[0].detail.to_string().contains("list.csv"), "no name of a file");
        }
    }
}
