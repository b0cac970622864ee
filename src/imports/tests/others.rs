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
                 Nothing of that one is in the base yet."
            )
        };
        assert_eq!(told(&cast, "anna", first.id).await, brought(second.number));
        assert_eq!(told(&cast, "gleb", second.id).await, brought(first.number));
        let act = cast.act("anna", "commit");
        actions::commit(&act, first.id, first.version).await.expect("begun");
        let part = "The same file is being written or taken back, or was stopped midway: \
                    import No. 1. A part of it may be in the base.";
        assert_eq!(told(&cast, "gleb", second.id).await, part);
        cast.settle().await;
        seen(&cast, "olga", "three").await;
        let whole = "The same file is in the base already: import No. 1.";
        assert_eq!(told(&cast, "gleb", second.id).await, whole, "rather than of a newer one");
        undo(&cast, "undo", first.id).await;
        assert_eq!(told(&cast, "gleb", second.id).await, part);
        cast.settle().await;
        assert_eq!(told(&cast, "gleb", second.id).await, brought(3));
        assert_eq!(told(&cast, "anna", first.id).await, brought(3), "of the newest");
    }

    async fn who_brought_a_file_stops_it_and_takes_it_back_though_another_wrote_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (alla, sergei) = (cast.viewer("alla").await, cast.viewer("sergei").await);
        let import = seen(&cast, "alla", "one").await;
        let act = cast.act("sergei", "commit");
        actions::commit(&act, import.id, import.version).await.expect("begun");
        let stopped = actions::stop(&cast.act("alla", "stop"), &alla, import.id).await;
        stopped.expect("she brought it");
        let gone_on = actions::go_on(&cast.act("sergei", "on"), &sergei, import.id).await;
        gone_on.expect("he had it written");
        cast.settle().await;
        let written = again(&cast, import.id).await;
        assert_eq!(written.state, ImportState::Committed);
        let author = (written.made_by, written.committed_by);
        assert_eq!(author, (Some(cast.id("alla")), Some(cast.id("sergei"))));
        let vadim = cast.viewer("vadim").await;
        let refused = actions::undo(&cast.act("vadim", "other"), &vadim, import.id).await;
        assert!(is_refused(&refused, ImportRefusal::UndoNotYours), "{refused:?}");
        actions::undo(&cast.act("alla", "undo"), &alla, import.id).await.expect("she brought it");
        cast.settle().await;
        assert_eq!(companies_of(&cast).await, 0);
    }
}
