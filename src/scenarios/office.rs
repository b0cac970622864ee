//! A day with the exchange of the office, which tells of its calls.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::path::{a_campaign_begins, a_file_comes_into_the_base};
use super::people::*;
use crate::both;

/// The exchange of the office: where it tells, and what it signs with.
struct Exchange<'f> {
    firm: &'f Firm,
    path: String,
    secret: String,
}

impl<'f> Exchange<'f> {
    /// Alla makes a connector and says whose extension is whose.
    async fn is_connected(firm: &'f Firm, extensions: &[(&str, &str)]) -> Self {
        let alla = firm.signs_in("alla").await;
        let office = [("name", "Office"), ("provider", "generic")];
        let made = alla.fills("/telephony", "/telephony", &office).await;
        made.says("It is shown only this once");
        let url = made.field("url");
        let path = url.strip_prefix("http://localhost").expect("an address of this firm");
        let secret = made.field("made-secret");
        let page = format!("/telephony/{}", path.rsplit('/').next().expect("an id"));
        alla.opens(&page).await.says("Office").hides(&secret);
        for (extension, login) in extensions {
            let person = firm.id(login);
            let whose = [("extension", *extension), ("person", person.as_str())];
            let shown = alla.fills(&page, &format!("{page}/extensions"), &whose).await;
            shown.says(extension);
        }
        Self { firm, path: path.to_owned(), secret }
    }

    /// It tells something; what it signs is believed.
    async fn tells(&self, told: Value) {
        assert_eq!(self.tries(&told, &self.secret).await, StatusCode::OK, "{told}");
    }

    /// Somebody else tells the same.
    async fn is_imitated(&self, told: &Value) {
        assert_eq!(self.tries(told, "another secret").await, StatusCode::UNAUTHORIZED);
    }

    async fn tries(&self, told: &Value, secret: &str) -> StatusCode {
        let (stamp, body) = ((self.firm.now().ms() / 1_000).to_string(), told.to_string());
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{stamp}.{body}").as_bytes());
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        let request = Request::post(&self.path)
            .header("x-troika-timestamp", stamp)
            .header("x-troika-signature", signature)
            .body(Body::from(body));
        self.firm.is_told(request.expect("a request")).await
    }
}

both! {
    async fn the_exchange_of_the_office_tells_of_its_calls(t: TestDb) {
        let firm = Firm::opens(t).await;
        a_file_comes_into_the_base(&firm).await;
        let campaign = a_campaign_begins(&firm).await;
        let office = Exchange::is_connected(&firm, &[("101", "boris"), ("102", "bella")]).await;
        let (boris, bella) = (firm.signs_in("boris").await, firm.signs_in("bella").await);
        let held = boris.takes_the_next(&campaign).await.expect("a company");
        let number = held.page.links_to("tel:").remove(0);
        let number = number.trim_start_matches("tel:").to_owned();

        // He calls by the link; his telephone is the office's, and it tells when it is over.
        let began = firm.now();
        let told = |event: &str, direction: &str, seconds: i64| {
            json!({ "call": format!("{direction}1"), "event": event, "direction": direction,
                "number": number, "extension": "101",
                "at": began.plus_ms(seconds * 1_000).rfc3339() })
        };
        office.tells(told("started", "out", 0)).await;
        office.tells(told("answered", "out", 8)).await;
        boris.opens(&held.page.path).await.says("talking");
        firm.minutes_pass(2).await;
        let lead = held.page.path.clone();
        let company = held.company.clone();
        boris.will_call(&held, "tomorrow 11:00", "Ask for Ivan").await;
        // What it tells of the end comes after the result, and comes twice.
        let mut ended = told("ended", "out", 73);
        ended["seconds"] = json!(65);
        office.is_imitated(&ended).await;
        office.tells(ended.clone()).await;
        office.tells(ended).await;
        let anna = firm.signs_in("anna").await;
        anna.opens(&lead).await.says("talked 1:05");

        // An hour later they call back, and the exchange rings at Bella's.
        firm.minutes_pass(60).await;
        let at = firm.now().rfc3339();
        let rings = json!({ "call": "in1", "event": "ringing", "direction": "in", "at": at,
            "number": number, "extension": "102" });
        office.tells(rings).await;
        let page = boris.opens("/calling").await;
        page.says(&company).says("is calling");
        bella.opens("/calling").await.hides(&company);
        let opens = |action: &String| {
            action.starts_with("/calling/") && !action.ends_with("/removal")
        };
        let card = page.actions("").into_iter().find(opens).expect("a card to open");
        let card = boris.sends(&page, &card, &[]).await;
        card.says(&company);
        boris.opens("/calling").await.says("Nobody calls just now");
        firm.is_sound().await;
    }
}
