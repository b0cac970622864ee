//! An event as a sentence.

use std::collections::BTreeMap;

use super::{No, Told};
use crate::events::Kind;
use crate::values::*;
use crate::web::Ui;
use crate::web::words::{self, Word};

/// What a sentence is made of besides the event: names of people, and what the firm calls its
/// stages and reasons.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub users: BTreeMap<UserId, String>,
    pub labels: BTreeMap<String, (String, String)>,
}

impl Names {
    /// A person's name.
    pub(super) fn person(&self, id: Option<UserId>) -> &str {
        id.and_then(|id| self.users.get(&id)).map_or("", String::as_str)
    }
    /// What the firm calls a stage (`stage`) or a reason (`refusal`); its code where it has none.
    pub(super) fn label(&self, lang: Lang, noun: &str, code: &str) -> String {
        let found = self.labels.get(&format!("{noun} {code}"));
        let label = found.map(|(ru, en)| if lang == Lang::Ru { ru } else { en });
        label.cloned().unwrap_or_else(|| code.to_owned())
    }
    /// A coded reason in words; the kind of the event says from which list.
    fn reason(&self, ui: &Ui, kind: Kind, code: &str) -> String {
        match kind {
            Kind::CallRecorded | Kind::CallReversed => ui.tc("meaning-", code),
            Kind::LeadRefused => self.label(ui.lang, "refusal", code),
            Kind::LeadClosed => ui.tc("story-closed-", code),
            Kind::CallbackCancelled => ui.tc("callback-cancelled-", code),
            Kind::MeetingMissed => ui.tc("meeting-is-missed-by-", code),
            Kind::HandoffRejected => ui.tc("rejection-", code),
            Kind::HandoffDecided => ui.tc("handoff-decide-", code),
            Kind::OpportunityAdvanced => self.label(ui.lang, "stage", code),
            Kind::OpportunityLost => ui.tc("sales-loss-", code),
            Kind::ContractEnded => ui.tc("contract-end-", code),
            Kind::PaymentReversed => ui.tc("reversal-", code),
            Kind::ClientEnded => ui.tc("client-end-", code),
            Kind::OrderCancelled => ui.tc("order-cancel-", code),
            Kind::ContactSuppressed => ui.tc("suppress-reason-", code),
            Kind::CompanyTied | Kind::CompanyUntied => ui.tc("tie-", code),
            // Its sentence chooses by the rule, as that of what is refused does.
            Kind::CallDenied | Kind::LetterAsked => code.to_owned(),
            Kind::PairDecided => ui.tc("pair-state-", code),
            _ => String::new(),
        }
    }

    /// What an event is about, and why it was.
    fn said_of(&self, ui: &Ui, told: &Told) -> (String, String) {
        let (mut why, mut what) = (String::new(), String::new());
        if let Some(code) = &told.reason {
            why = self.reason(ui, told.kind, code);
        }
        match told.kind {
            Kind::CallRecorded if told.part("mechanism") != "answered" => {
                why = ui.tc("mechanism-", &told.part("mechanism"));
            }
            Kind::CompanyVerified => {
                what = ui.tc("check-field-", &told.part("field"));
                why = ui.tc("finding-", &told.part("result"));
            }
            Kind::CompanyChanged | Kind::OpportunityChanged => {
                what = ui.codes("story-field-", &told.part("fields"));
            }
            Kind::CompanyMerged | Kind::MergeUndone => {
                let record = |number: &str, name: &str| match told.part(number) {
                    unseen if unseen.is_empty() => ui.t("story-another-company"),
                    number => format!("№ {number} {}", told.part(name)),
                };
                let (other, own) = (record("other_number", "other_name"), record("number", "name"));
                what = format!("{other} → {own}");
            }
            Kind::CompanyTied | Kind::CompanyUntied => what = or_another(ui, told.part("name")),
            Kind::ContactSuppressed => {
                what = ui.tc("channel-", &told.part("channel"));
                if !told.part("ground").is_empty() {
                    why = ui.t("story-ban-by-name");
                }
            }
            Kind::SuppressionLifted => {
                (what, why) = (ui.tc("channel-", &told.part("channel")), told.worded("why"));
            }
            Kind::CallbackPromised
            | Kind::CallbackCancelled
            | Kind::CallbackReopened
            | Kind::CallbackPassed => what = told.moment(ui, "at"),
            Kind::HandoffOffered | Kind::HandoffReassigned | Kind::HandoffAccepted => {
                what = ui.tc("tier-", &told.part("to_tier"));
            }
            Kind::PromiseMade | Kind::PromiseKept | Kind::PromiseBroken | Kind::PromiseReleased => {
                what = told.worded("words");
            }
            Kind::LetterSent | Kind::LetterTakenBack => {
                (what, why) = (told.words.clone(), ui.tc("letter-way-", &told.part("way")));
            }
            Kind::CallDenied | Kind::LetterAsked => what = told.moment(ui, "until"),
            Kind::PromisesPassed => what = told.words.clone(),
            Kind::TaskPutOff => {
                (what, why) = (told.worded("what"), told.moment(ui, "due_at"));
            }
            Kind::TaskMade | Kind::TaskDone => what = told.worded("what"),
            Kind::OnboardingStepDone | Kind::OnboardingStepUndone => what = told.part("step"),
            Kind::OrderOpened | Kind::OrderDelivered | Kind::OrderCancelled => {
                what = told.worded("title");
            }
            Kind::ClientKept => {
                let month = format!("{}-01", told.part("month"));
                let day = Instant::typed_day(&month, &ui.zone, ui.now);
                what = day.map(|at| ui.month(&at)).unwrap_or_default();
            }
            _ => {}
        }
        (what, why)
    }

    /// The sentence of an event.
    pub(super) fn sentence(&self, ui: &Ui, told: &Told) -> String {
        let (what, why) = self.said_of(ui, told);
        let key = format!("story-did-{}", told.kind.code().replace(['.', '_'], "-"));
        let who = self.person(told.person).to_owned();
        let receiver = told.part("receiver").parse().ok();
        let args = [
            ("who", Word::Text(who)),
            ("to", Word::Text(self.person(receiver).to_owned())),
            ("why", Word::Text(why)),
            ("what", Word::Text(what)),
            ("number", Word::Text(told.part("number"))),
            ("sum", Word::Text(told.amount.map(|sum| ui.money(&sum)).unwrap_or_default())),
        ];
        let text = words::say(ui.lang, &key, &args);
        // Where there is no reason, receiver or sum for the reader, its place stays empty.
        text.trim().trim_end_matches([':', '·', ' ', '—', '→']).to_owned()
    }

    /// The reason of a no, in words.
    pub(super) fn no(&self, ui: &Ui, no: &No) -> String {
        no.reason.as_deref().map(|code| self.reason(ui, no.kind, code)).unwrap_or_default()
    }
}

impl Told {
    /// A part of what else was kept.
    fn part(&self, name: &str) -> String {
        match self.detail.get(name) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(serde_json::Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }
    /// A moment of what else was kept, as it is read.
    fn moment(&self, ui: &Ui, name: &str) -> String {
        let at = Instant::from_rfc3339(&self.part(name));
        at.map(|at| ui.near_time(&at)).unwrap_or_default()
    }
    /// What somebody wrote: it stands beside the event, but for one of an earlier version.
    fn worded(&self, name: &str) -> String {
        if self.words.is_empty() { self.part(name) } else { self.words.clone() }
    }
}

/// The name of a company that the reader may know of; that it is another one where they may not.
fn or_another(ui: &Ui, name: String) -> String {
    if name.is_empty() { ui.t("story-another-company") } else { name }
}

/// The tone of an event on the timeline.
pub(super) fn tone(kind: Kind) -> &'static str {
    match kind {
        Kind::LeadRefused
        | Kind::ContactSuppressed
        | Kind::MeetingMissed
        | Kind::HandoffRejected
        | Kind::HandoffExpired
        | Kind::OpportunityLost
        | Kind::ContractEnded
        | Kind::PaymentReversed
        | Kind::PromiseBroken
        | Kind::ClientEnded
        | Kind::OrderCancelled
        | Kind::ContactErased => "neg",
        Kind::LeadQualified
        | Kind::MeetingHeld
        | Kind::OpportunityWon
        | Kind::ContractSigned
        | Kind::PaymentEntered
        | Kind::PromiseKept
        | Kind::OrderDelivered
        | Kind::PrototypeApproved => "pos",
        Kind::HandoffOffered
        | Kind::HandoffReassigned
        | Kind::HandoffAccepted
        | Kind::HandoffDisputed
        | Kind::HandoffDecided
        | Kind::ClientReassigned => "vio",
        Kind::PromiseMade | Kind::CallbackPromised | Kind::PrototypeCommented => "warn",
        _ => "",
    }
}
