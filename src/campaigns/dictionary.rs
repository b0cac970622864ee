//! The dictionary of reasons as a head keeps it: what a reason is called, when one asks again and
//! what is offered then; new ones, and those that are chosen no more. A code is never used anew:
//! calls on record name it.

use serde::Deserialize;

use super::reasons::{OTHER, RefusalReason, UNDER_CONTRACT};
use super::store;
use crate::begin;
use crate::events::{Event, Kind};
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::tiers::doors;
use crate::values::*;

/// The longest words of a reason.
const LABEL_CHARS_MAX: usize = 80;
/// The longest offer.
const OFFER_CHARS_MAX: usize = 200;
/// The longest time until one asks again, in days.
const DAYS_MAX: i64 = 3_650;
/// Reasons a caller can still choose from.
pub const REASONS_MAX: usize = 30;

/// A reason as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReasonForm {
    /// Its words in Russian; 1 to 80 characters.
    pub label_ru: String,
    /// Its words in English; 1 to 80 characters.
    pub label_en: String,
    /// Days after which one asks again, 1 to 3,650; empty for never.
    pub reentry_days: String,
    /// What is offered then, in Russian; up to 200 characters, empty for nothing.
    pub offer_ru: String,
    /// The same in English.
    pub offer_en: String,
    /// Anything but empty where it is chosen no more.
    pub retired: String,
}

impl ReasonForm {
    fn read(&self, code: String, position: i64) -> Outcome<RefusalReason> {
        let mut fields = Fields::default();
        let mut text = |field: &'static str, typed: &str, max: usize, is_needed: bool| {
            let text = without_unseen(typed.trim());
            if text.is_empty() && is_needed {
                fields.note(field, "required");
            }
            if text.chars().count() > max {
                fields.note_with(field, "too-long", vec![("max", max.to_string())]);
            }
            text
        };
        let label_ru = text("label_ru", &self.label_ru, LABEL_CHARS_MAX, true);
        let label_en = text("label_en", &self.label_en, LABEL_CHARS_MAX, true);
        let offer_ru = text("offer_ru", &self.offer_ru, OFFER_CHARS_MAX, false);
        let offer_en = text("offer_en", &self.offer_en, OFFER_CHARS_MAX, false);
        let reentry_days = match self.reentry_days.trim() {
            "" => None,
            days => match days.parse::<i64>() {
                Ok(days) if (1..=DAYS_MAX).contains(&days) => Some(days),
                _ => {
                    let told = vec![("min", "1".to_owned()), ("max", DAYS_MAX.to_string())];
                    fields.note_with("reentry_days", "out-of-range", told);
                    None
                }
            },
        };
        fields.into_result()?;
        Ok(RefusalReason { code, label_ru, label_en, reentry_days, offer_ru, offer_en, position })
    }
}

/// Why a reason cannot be set so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonRefusal {
    /// The product itself asks for it by name.
    AlwaysThere,
    /// A caller has enough to choose from.
    TooMany,
}

impl Refusal for ReasonRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AlwaysThere => "reason-always-there",
            Self::TooMany => "reason-too-many",
        }
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        vec![("max", REASONS_MAX.to_string())]
    }
}

/// Every reason of the firm, and whether it is chosen no more.
pub async fn list_all(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(RefusalReason, bool)>> {
    store::reasons::list_all(tx, org).await
}

/// The same as reasons alone, to say by what names they stand on record.
pub async fn list_known(tx: &mut Tx, org: OrgId) -> Outcome<Vec<RefusalReason>> {
    Ok(list_all(tx, org).await?.into_iter().map(|(reason, _)| reason).collect())
}

/// The dictionary is kept by who leads calls, or sees the whole firm; others know of no such page.
pub fn check_keeps(viewer: &Viewer) -> Outcome<()> {
    if doors::may_watch_calls(viewer) { Ok(()) } else { Err(Error::NotFound) }
}

/// Adds a reason behind the others; says its code.
pub async fn add(act: &Act, viewer: &Viewer, form: &ReasonForm) -> Outcome<String> {
    check_keeps(viewer)?;
    let mut tx = begin!(act);
    let all = store::reasons::list_all_for_update(&mut tx, act.org).await?;
    if all.iter().filter(|(_, is_retired)| !is_retired).count() >= REASONS_MAX {
        return Err(ReasonRefusal::TooMany.into());
    }
    let last = all.iter().map(|(reason, _)| reason.position).max().unwrap_or(0);
    let is_taken = |code: &String| all.iter().any(|(reason, _)| reason.code == *code);
    let code = fresh_code(&form.label_en, is_taken);
    let reason = form.read(code, last + 1)?;
    store::insert_reason(&mut tx, act.org, &reason).await?;
    about(&reason).with("added", true).record(&mut tx, act).await?;
    tx.finish(reason.code).await
}

/// Sets what a reason is called, when one asks again, what is offered, and whether it is chosen.
pub async fn set(act: &Act, viewer: &Viewer, code: &str, form: &ReasonForm) -> Outcome<()> {
    check_keeps(viewer)?;
    let mut tx = begin!(act);
    let all = store::reasons::list_all_for_update(&mut tx, act.org).await?;
    let known = all.iter().find(|(reason, _)| reason.code == code).ok_or(Error::NotFound)?;
    let is_retired = !form.retired.is_empty();
    if is_retired && [OTHER, UNDER_CONTRACT].contains(&code) {
        return Err(ReasonRefusal::AlwaysThere.into());
    }
    let chosen = all.iter().filter(|(_, is_retired)| !is_retired).count();
    if !is_retired && known.1 && chosen >= REASONS_MAX {
        return Err(ReasonRefusal::TooMany.into());
    }
    let reason = form.read(code.to_owned(), known.0.position)?;
    let retired_at = is_retired.then_some(act.now);
    if store::reasons::update_reason(&mut tx, act.org, &reason, retired_at).await? == 1 {
        about(&reason).with("retired", is_retired).record(&mut tx, act).await?;
    }
    tx.finish(()).await
}

fn about(reason: &RefusalReason) -> Event {
    Event::new(Kind::RefusalReasonSet, &reason.code)
        .with("label_ru", reason.label_ru.clone())
        .with("label_en", reason.label_en.clone())
        .with("reentry_days", reason.reentry_days)
        .with("offer_ru", reason.offer_ru.clone())
        .with("offer_en", reason.offer_en.clone())
}

/// A code made of English words that no reason has.
fn fresh_code(label: &str, is_taken: impl Fn(&String) -> bool) -> String {
    let mut code: String = label
        .trim()
        .to_lowercase()
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() { one } else { '_' })
        .take(40)
        .collect();
    while code.contains("__") {
        code = code.replace("__", "_");
    }
    let code = code.trim_matches('_');
    let code = if code.is_empty() { "reason" } else { code };
    let numbered = (2..).map(|number| format!("{code}_{number}"));
    std::iter::once(code.to_owned())
        .chain(numbered)
        .find(|code| !is_taken(code))
        .unwrap_or_else(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_made_of_words_and_is_nobody_else_s() {
        let none = |_: &String| false;
        assert_eq!(fresh_code(" Moving house! ", none), "moving_house");
        assert_eq!(fresh_code("—", none), "reason");
        let taken = |code: &String| ["moving", "moving_2"].contains(&code.as_str());
        assert_eq!(fresh_code("Moving", taken), "moving_3");
        assert!(fresh_code(&"x".repeat(500), none).len() <= 40);
    }
}
