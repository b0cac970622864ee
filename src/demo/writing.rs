//! Letters in the demo: who sells or serves writes to whom they lead. What admission forbids is not
//! sent.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;

use super::chances::{LETTER, PRESSING};
use super::story::Story;
use crate::companies;
use crate::letters::{Address, Named, NewLetter, Way, actions as letters};
use crate::people::Viewer;
use crate::values::*;

/// What is written about.
const SUBJECTS: [(&str, &str); 6] = [
    ("Расчёт тиража", "The estimate"),
    ("Образцы бумаги", "Samples of paper"),
    ("Прайс-лист на осень и зиму", "Prices for autumn and winter"),
    ("Макет на согласование", "A layout to be approved"),
    ("Сроки поставки", "Days of delivery"),
    ("Договор и счёт", "The contract and the invoice"),
];
/// Share of letters that they asked for.
const ASKED_FOR: f64 = 0.25;
/// So many letters in three days are one too many.
const PRESSING_LETTERS: i64 = 3;

impl Story {
    /// At times somebody writes to whom they lead, and now and then would write once too often.
    pub(super) async fn write(&mut self, writer: &Viewer, company: CompanyId) -> Outcome<()> {
        if !self.pen.random_bool(LETTER) {
            return Ok(());
        }
        let count = if self.pen.random_bool(PRESSING) { PRESSING_LETTERS } else { 1 };
        let is_answer = count == 1 && self.pen.random_bool(ASKED_FOR);
        for days in (0..count).rev() {
            let sent_at = self.now().plus_days(-days);
            self.write_one(writer, company, (sent_at, is_answer)).await?;
        }
        Ok(())
    }

    /// Sends a letter, or writes down one of an earlier day; false where it may not be sent.
    pub(super) async fn write_one(
        &mut self,
        writer: &Viewer,
        company: CompanyId,
        (sent_at, is_answer): (Instant, bool),
    ) -> Outcome<bool> {
        let (act, now) = (self.act(writer), self.now());
        let mut tx = self.db.read().await?;
        let seen = companies::actions::find_seen(&mut tx, &writer.scope(), company, now).await?;
        let Some(seen) = seen else { return Ok(false) };
        let may_write = letters::may_write(&mut tx, writer, &seen, now).await?;
        let mails = companies::actions::list_known_emails(&mut tx, writer.org, seen.id).await?;
        drop(tx);
        if !may_write {
            return Ok(false);
        }
        let (ru, en) = SUBJECTS.choose(&mut self.pen).copied().unwrap_or_default();
        let new = NewLetter {
            contact: None,
            address: mails.first().map(|mail| Named::Known(Address::Mail(mail.id))),
            campaign: None,
            way: Way::Mail,
            subject: self.say(ru, en).to_owned(),
            note: String::new(),
            is_answer,
            sent_at,
        };
        // Whoever is about to send one asks first.
        let is_ahead = sent_at == now;
        if is_ahead && letters::ask(&act, writer, seen.id, &new).await?.denied.is_some() {
            return Ok(false);
        }
        match letters::record(&act, writer, seen.id, &new).await {
            Ok(_) => Ok(true),
            Err(Error::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
