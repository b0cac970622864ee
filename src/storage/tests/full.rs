//! A disk without room: nothing is kept by halves, and it is said what happened.

use axum::http::StatusCode;

use super::*;
use crate::leads::floor;
use crate::storage::testing::{leave_room, limit_pages};

both! {
    async fn a_full_disk_is_told_as_such_and_nothing_of_the_change_is_kept(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = floor::add_companies(&cast, 1).await[0];
        let db = &cast.app.db;
        let (anna, program) = (cast.client("anna").await, cast.api("anna").await);
        if db.kind() == dialect::Kind::Pg {
            // Its disk cannot be filled here; so it says what it would say.
            let mut tx = db.begin().await.expect("begins");
            let text = "do $$ begin raise exception 'no room' using errcode = '53100'; end $$";
            let told = tx.run(text, &[]).await.expect_err("no room");
            assert!(matches!(told, Error::Full(_)), "{told}");
            return;
        }
        limit_pages(db, Some(0)).await;
        let long = "long ".repeat(900);
        let long = long.trim();
        let mut told = None;
        for _ in 0..200 {
            let reply = anna.post(&format!("/companies/{company}/notes"), &[("text", long)]).await;
            if reply.status != StatusCode::SEE_OTHER {
                told = Some(reply);
                break;
            }
        }
        let told = told.expect("the file is full");
        assert_eq!(told.status, StatusCode::INSUFFICIENT_STORAGE, "{}", told.body);
        for words in ["There is no room on the disk", "everything saved before is safe", long] {
            assert!(told.body.contains(words), "{words}: {}", told.body);
        }
        let path = format!("/api/v1/companies/{company}/notes");
        let told = program.post(&path, &serde_json::json!({ "text": long })).await;
        assert_eq!(told.status, StatusCode::INSUFFICIENT_STORAGE, "{}", told.body);
        assert_eq!(told.json()["error"]["code"], "full");
        limit_pages(db, None).await;
        let again = anna.post(&format!("/companies/{company}/notes"), &[("text", long)]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "there is room again: {}", again.body);
    }

    async fn the_room_that_is_left_is_known_of_an_embedded_database_alone(t: TestDb) {
        let left = async || t.db.free_room().await.expect("is asked");
        if t.db.kind() == dialect::Kind::Pg {
            assert_eq!(left().await, None, "the disk of a server is not seen from here");
            return;
        }
        assert!(left().await.is_some_and(|bytes| bytes > 0), "the disk itself is asked");
        leave_room(&t.db, Some(7_000_000));
        let mut told = Vec::new();
        let fill = "create table filled as select zeroblob(900000) as bytes";
        for text in [fill, "drop table filled"] {
            let mut tx = t.db.begin().await.expect("begins");
            tx.run(text, &[]).await.expect("is done");
            tx.commit().await.expect("kept");
            told.push(left().await.expect("a number"));
        }
        assert!(told[0] >= 7_000_000 && told[1] >= told[0] + 900_000, "{told:?}");
    }
}
