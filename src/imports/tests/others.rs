//! Several people and one file: what each is told of the other's, and whose it is.

use super::*;

/// What a program of this person is told of other imports of the same file.
async fn told(cast: &Cast, login: &str, id: ImportId) -> String {
    let path = format!("/api/v1/imports/{id}");
    let shown = cast.api(login).await.get(&path).await.json();
    let notices = shown["data"]["notices"].as_array().expect("notices").clone();
    let is_of_it = |one: &&serde_json::Value| {
        one["code"].as_str().is_some_and(|code| code.starts_with("same-file"))
    };
    let text = |one: &serde_json::Value| one["text"].as_str().expect("a sentence").to_owned();
    notices.iter().filter(is_of_it).map(text).collect::<Vec<String>>().join(" ")
}

async fn seen(cast: &Cast, login: &str, key: &str) -> Import {
    let act = cast.act(login, key);
    let id = actions::bring(&act, file(MESSY)).await.expect("brought");
    actions::check(&act, id).await.expect("checked");
    again(cast, id).await
}

both! {
    async fn people_with_the_same_file_are_told_of_each_other_and_how_far_it_got(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = seen(&cast, "anna", "one").await;
        assert_eq!(told(&cast, "anna", first.id).await, "");
        let second = seen(&cast, "gleb", "two").await;
        let brought = |number: i64| {
            format!(
                "The same file was brought as import No. {number}, too. \
                 Nothing of that one is in the base yet. \
                 Write one of the two: the other then brings nothing new."
            )
        };
        assert_eq!(told(&cast, "anna", first.id).await, brought(second.number));
        assert_eq!(told(&cast, "gleb", second.id).await, brought(first.number));
        let act = cast.act("anna", "commit");
        actions::commit(&act, first.id, first.version).await.expect("begun");
        let part = "The same file is being written or taken back, or was stopped midway: \
                    import No. 1. A part of it may be in the base, and no company comes twice. \
                    Wait until that one rests, or go on with it instead of writing this one.";
        assert_eq!(told(&cast, "gleb", second.id).await, part);
        cast.settle().await;
        seen(&cast, "olga", "three").await;
        let whole = "The same file is in the base already: import No. 1. \
                     Written once more it brings no company twice. \
                     Look at that import before you write this one.";
        assert_eq!(told(&cast, "gleb", second.id).await, whole, "rather than of a newer one");
        undo(&cast, "undo", first.id).await;
        assert_eq!(told(&cast, "gleb", second.id).await, part);
        cast.settle().await;
        assert_eq!(told(&cast, "gleb", second.id).await, brought(3));
        assert_eq!(told(&cast, "anna", first.id).await, brought(3), "of the newest");
    }

    async fn who_brought_a_file_stops_it_and_takes_it_back_though_another_wrote_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (alla, gleb) = (cast.viewer("alla").await, cast.viewer("gleb").await);
        let import = seen(&cast, "alla", "one").await;
        let act = cast.act("gleb", "commit");
        actions::commit(&act, import.id, import.version).await.expect("begun");
        let stopped = actions::stop(&cast.act("alla", "stop"), &alla, import.id).await;
        stopped.expect("she brought it");
        let gone_on = actions::go_on(&cast.act("gleb", "on"), &gleb, import.id).await;
        gone_on.expect("he had it written");
        cast.settle().await;
        let written = again(&cast, import.id).await;
        assert_eq!(written.state, ImportState::Committed);
        let author = (written.made_by, written.committed_by);
        assert_eq!(author, (Some(cast.id("alla")), Some(cast.id("gleb"))));
        let vadim = cast.viewer("vadim").await;
        let refused = actions::undo(&cast.act("vadim", "other"), &vadim, import.id).await;
        assert!(is_refused(&refused, ImportRefusal::UndoNotYours), "{refused:?}");
        actions::undo(&cast.act("alla", "undo"), &alla, import.id).await.expect("she brought it");
        cast.settle().await;
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn who_did_not_bring_it_and_does_not_head_tier_one_reads_nothing_anew(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = seen(&cast, "anna", "one").await;
        let (path, version) = (format!("/imports/{}", import.id), import.version.to_string());
        let own = cast.client("anna").await.get(&path).await.body;
        assert!(!own.contains("You may look at this import"), "{own}");
        for other in ["sergei", "alla"] {
            let client = cast.client(other).await;
            let page = client.get(&path).await.body;
            assert!(!page.contains("/commitment") && !page.contains("/reading"), "{page}");
            assert!(page.contains("You may look at this import"), "{page}");
            let fields = [("version", version.as_str())];
            let refused = client.post(&format!("{path}/commitment"), &fields).await;
            assert_eq!(refused.status.as_u16(), 409, "{other}: {}", refused.body);
            assert!(refused.body.contains("head of the first tier"), "{}", refused.body);
            let api = cast.api(other).await;
            let body = serde_json::json!({ "version": import.version });
            let refused = api.post(&format!("/api/v1{path}/commitment"), &body).await;
            assert_eq!(refused.json()["error"]["code"], "import-not-yours", "{}", refused.body);
            let act = cast.act(other, &format!("read {other}"));
            let wanted = Reading { has_header: false, ..import.reading.clone() };
            let origin = Origin::default();
            let read = actions::read_anew(&act, import.id, import.version, wanted, origin).await;
            assert!(is_refused(&read, ImportRefusal::NotYours), "{other}: {read:?}");
            let act = cast.act(other, &format!("guess {other}"));
            let guessed = actions::guess_anew(&act, import.id, import.version, Origin::default());
            let guessed = guessed.await;
            assert!(is_refused(&guessed, ImportRefusal::NotYours), "{other}: {guessed:?}");
        }
        let kept = again(&cast, import.id).await;
        assert_eq!((kept.state, kept.version), (ImportState::Checked, import.version));
        assert_eq!(companies_of(&cast).await, 0);
        for (may, key) in [("gleb", "read"), ("olga", "read too")] {
            let act = cast.act(may, key);
            let version = again(&cast, import.id).await.version;
            let guessed = actions::guess_anew(&act, import.id, version, Origin::default()).await;
            guessed.expect("heads the first tier, or owns the firm");
        }
        cast.settle().await;
        let version = again(&cast, import.id).await.version;
        actions::commit(&cast.act("anna", "go"), import.id, version).await.expect("she brought it");
    }
}
