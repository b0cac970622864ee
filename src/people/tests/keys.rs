use std::collections::BTreeMap;

use super::*;
use crate::people::keys::{KEYS, Keymap, read, shown};
use axum::http::StatusCode;

fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(usual, key)| ((*usual).to_owned(), (*key).to_owned())).collect()
}

#[test]
fn a_key_is_read_in_either_layout() {
    for (text, expected) in [
        ("g", Some("KeyG")),
        ("П", Some("KeyG")),
        (" 7 ", Some("Digit7")),
        ("ж", Some("Semicolon")),
        ("f8", Some("F8")),
        ("-", Some("Minus")),
        ("gg", None),
        ("€", None),
        ("F5", None),
        ("", None),
    ] {
        assert_eq!(read(text), expected, "{text:?}");
    }
    for (usual, _) in KEYS {
        assert_eq!(read(&shown(usual)), Some(usual), "what is shown can be typed");
    }
}

#[test]
fn no_key_means_two_things_and_none_is_lost() {
    for (pairs, expected) in [
        (vec![], Ok("")),
        (vec![("KeyD", "")], Ok("")),
        (vec![("KeyD", "d")], Ok("")),
        (vec![("KeyD", "g")], Ok("KeyD=KeyG KeyG=KeyD")),
        (vec![("KeyD", "n"), ("KeyN", "d")], Ok("KeyD=KeyN KeyN=KeyD")),
        (vec![("KeyD", "g"), ("KeyN", "d")], Ok("KeyD=KeyG KeyN=KeyD KeyG=KeyN")),
        (vec![("Digit0", "F8")], Ok("Digit0=F8 F8=Digit0")),
        (vec![("KeyD", "n")], Err(vec!["KeyD", "KeyN"])),
        (vec![("KeyD", "g"), ("KeyN", "п")], Err(vec!["KeyD", "KeyN"])),
        (vec![("KeyD", "€")], Err(vec!["KeyD"])),
        (vec![("KeyZ", "d")], Err(vec!["keys"])),
    ] {
        let told = Keymap::of(&typed(&pairs));
        let told = told.map(|keymap| {
            assert_eq!(Keymap::parse(&keymap.text()), keymap, "{pairs:?}");
            keymap.moves()
        });
        let told = told.map_err(|fields| fields.0.into_keys().collect::<Vec<_>>());
        assert_eq!(told, expected.map(str::to_owned), "{pairs:?}");
    }
}

both! {
    async fn a_person_chooses_their_keys_and_goes_back_to_the_usual_ones(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = cast.client("boris").await;
        assert!(!boris.get("/settings").await.body.contains("data-keymap"));
        let kept = boris.post("/settings/keys", &[("KeyD", "п"), ("KeyN", "")]).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
        let page = boris.get("/settings").await.body;
        assert!(page.contains("data-keymap=\"KeyD=KeyG KeyG=KeyD\""), "{page}");
        assert!(page.contains("name=\"KeyD\" value=\"G\""), "{page}");
        let bella = cast.client("bella").await;
        assert!(!bella.get("/settings").await.body.contains("data-keymap"), "each their own");
        let twice = boris.post("/settings/keys", &[("KeyD", "r")]).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(twice.body.contains("The key R is chosen twice."), "{}", twice.body);
        assert!(boris.get("/settings").await.body.contains("KeyD=KeyG"), "nothing was changed");
        let api = cast.api("boris").await;
        let shown = api.get("/api/v1/keys").await.json();
        let key = |shown: &serde_json::Value, usual: &str| {
            let rows = shown["data"].as_array().expect("rows").clone();
            let found = rows.into_iter().find(|row| row["usual"] == usual).expect("a key");
            (found["key"].clone(), found["does"].clone())
        };
        assert_eq!(key(&shown, "KeyD"), ("G".into(), "Call".into()), "{shown}");
        assert_eq!(key(&shown, "KeyB").0, "B");
        let moved = serde_json::json!({ "keys": { "KeyB": "и", "KeyD": "z" } });
        let kept = api.post("/api/v1/keys", &moved).await;
        assert_eq!((kept.status, key(&kept.json(), "KeyD").0), (StatusCode::OK, "Z".into()));
        let wrong = serde_json::json!({ "keys": { "KeyD": "ctrl" } });
        assert_eq!(api.post("/api/v1/keys", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let usual = boris.post("/settings/keys", &[("act", "usual"), ("KeyD", "r")]).await;
        assert_eq!(usual.status, StatusCode::SEE_OTHER);
        assert!(!boris.get("/settings").await.body.contains("data-keymap"));
    }
}
