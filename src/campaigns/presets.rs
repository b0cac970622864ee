//! What a country allows: hours, holidays, how often, how long to leave in peace, and on what
//! ground. A campaign names a preset, and of preset and campaign the stricter holds.
//!
//! A preset is no legal advice. Each line says whether a law or our own sense of decency stands
//! behind it, and where it was read; [`Preset::verified_day`] says when. A decision names the
//! preset by [`Preset::mark`], so that it can be understood after the preset was bettered: whoever
//! changes a line raises the version.

use super::holidays::Calendar;
use super::hours::{CallingHours, DAY_MINUTES};
use super::{LegalBasis, Purpose};
use crate::values::*;

codes! {
    /// Whose rules hold beside the campaign's own.
    PresetCode {
        /// Only the campaign's own.
        Own = "own",
        /// Russia.
        Ru = "ru",
        /// The United States.
        Us = "us",
        /// The United Kingdom.
        Gb = "gb",
        /// Germany.
        De = "de",
        /// France.
        Fr = "fr",
        /// Canada.
        Ca = "ca",
        /// Australia.
        Au = "au",
        /// Another country of the European Union.
        Eu = "eu",
    }
}

codes! {
    /// What a line of a preset is about.
    Topic {
        /// On what ground one may call.
        Basis = "basis",
        /// When.
        Hours = "hours",
        /// How often.
        Frequency = "frequency",
        /// How long nobody calls after a refusal.
        Refusal = "refusal",
        /// Whether a machine may choose and dial.
        Machine = "machine",
    }
}

/// Where a line of a preset comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// What it is about.
    pub topic: Topic,
    /// The law or guideline by its name; empty where it is our own sense of decency.
    pub name: &'static str,
    /// Where it was read; empty for our own.
    pub link: &'static str,
}

/// At most so many attempts on a company within so many days, over all campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    /// Attempts.
    pub max: i64,
    /// Days, of 24 hours each, counted back from now.
    pub days: i64,
}

/// The spans that caps are counted over.
pub const CAP_DAYS: [i64; 3] = [1, 7, 30];

/// What a country allows.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// Whose it is.
    pub code: PresetCode,
    /// Counts its changes.
    pub version: u32,
    /// When its sources were read, as a day.
    verified_on: &'static str,
    /// Its holidays.
    pub calendar: Calendar,
    /// True where nobody is called on a holiday.
    pub holidays_off: bool,
    /// Days as bits from Monday, first minute, last minute; open where one of them is.
    windows: &'static [(i64, i64, i64)],
    /// How often, over all campaigns.
    pub caps: &'static [Cap],
    /// Days of peace after a refusal.
    pub cool_down_days: i64,
    /// For which purposes the consent of the called must be on record.
    pub consent_for: &'static [Purpose],
    /// True where a program may dial the next number by itself.
    pub may_dial_by_itself: bool,
    /// Where all this comes from.
    pub sources: &'static [Source],
}

const WEEK: i64 = 0b111_1111;
const WORK: i64 = 0b001_1111;
const SATURDAY: i64 = 0b010_0000;
const WEEKEND: i64 = 0b110_0000;
const NINE_TO_SIX: &[(i64, i64, i64)] = &[(WORK, 9 * 60, 18 * 60)];
const TWICE_A_DAY: &[Cap] = &[Cap { max: 2, days: 1 }];
const VERIFIED: &str = "2026-11-23";

const fn law(topic: Topic, name: &'static str, link: &'static str) -> Source {
    Source { topic, name, link }
}

const fn ours(topic: Topic) -> Source {
    Source { topic, name: "", link: "" }
}

const PRESETS: [Preset; 8] = [
    Preset {
        code: PresetCode::Ru,
        version: 1,
        verified_on: VERIFIED,
        calendar: Calendar::Ru,
        holidays_off: true,
        windows: NINE_TO_SIX,
        caps: &[Cap { max: 1, days: 1 }, Cap { max: 2, days: 7 }, Cap { max: 8, days: 30 }],
        cool_down_days: 60,
        consent_for: &[Purpose::Advertising],
        may_dial_by_itself: false,
        sources: &[
            law(
                Topic::Basis,
                "38-ФЗ, ст. 18 ч. 1",
                "https://www.consultant.ru/document/cons_doc_LAW_58968/",
            ),
            ours(Topic::Hours),
            law(
                Topic::Frequency,
                "230-ФЗ, ст. 7",
                "https://www.m24.ru/news/politika/12122025/855511",
            ),
            ours(Topic::Refusal),
            law(
                Topic::Machine,
                "38-ФЗ, ст. 18 ч. 2",
                "https://www.consultant.ru/document/cons_doc_LAW_58968/",
            ),
        ],
    },
    Preset {
        code: PresetCode::Us,
        version: 1,
        verified_on: VERIFIED,
        calendar: Calendar::Us,
        holidays_off: false,
        windows: &[(WEEK, 8 * 60, 21 * 60)],
        caps: TWICE_A_DAY,
        cool_down_days: 30,
        consent_for: &[],
        may_dial_by_itself: true,
        sources: &[
            law(
                Topic::Hours,
                "16 CFR 310.4(c), 47 CFR 64.1200(c)",
                "https://telemarketingrules.com/curfew%2Fabandonment",
            ),
            ours(Topic::Frequency),
            ours(Topic::Refusal),
            law(
                Topic::Machine,
                "16 CFR 310.4(b)",
                "https://dnc.com/faq//there-call-abandonment-safe-harbor",
            ),
        ],
    },
    Preset {
        code: PresetCode::Gb,
        version: 1,
        verified_on: VERIFIED,
        calendar: Calendar::Gb,
        holidays_off: true,
        windows: NINE_TO_SIX,
        caps: TWICE_A_DAY,
        cool_down_days: 30,
        consent_for: &[],
        may_dial_by_itself: true,
        sources: &[
            law(
                Topic::Basis,
                "PECR 2003, reg. 21",
                concat!(
                    "https://ico.org.uk/for-organisations/direct-marketing-and-privacy-and-",
                    "electronic-communications/guide-to-pecr/guidance-on-direct-marketing-",
                    "using-live-calls/how-do-we-comply-with-the-rules-on-live-marketing-",
                    "calls",
                ),
            ),
            ours(Topic::Hours),
            ours(Topic::Frequency),
            ours(Topic::Refusal),
        ],
    },
    Preset {
        code: PresetCode::De,
        version: 1,
        verified_on: VERIFIED,
        calendar: Calendar::De,
        holidays_off: true,
        windows: NINE_TO_SIX,
        caps: &[Cap { max: 1, days: 1 }],
        cool_down_days: 60,
        consent_for: &[],
        may_dial_by_itself: false,
        sources: &[
            law(
                Topic::Basis,
                "UWG §§ 7, 7a",
                concat!(
                    "https://consocias.com/wettbewerbsrecht/bundesnetzagentur-",
                    "veroeffentlicht-auslegungshinweise-zu-7auwg",
                ),
            ),
            ours(Topic::Hours),
            ours(Topic::Frequency),
            ours(Topic::Refusal),
            ours(Topic::Machine),
        ],
    },
    Preset {
        code: PresetCode::Fr,
        version: 1,
        verified_on: VERIFIED,
        calendar: Calendar::Fr,
        holidays_off: true,
        windows: &[(WORK, 10 * 60, 13 * 60), (WORK, 14 * 60, 20 * 60)],
        caps: &[Cap { max: 4, days: 30 }],
        cool_down_days: 60,
        consent_for: &[],
        may_dial_by_itself: false,
        sources: &[
            law(
                Topic::Basis,
                "Loi 2025-594",
                concat!(
                    "https://cms.law/fr/fra/news-information/interdiction-prochaine-du-",
                    "demarchage-telephonique-sans-consentement-prealable-du-consommateur",
                ),
            ),
            law(Topic::Hours, "Décret 2022-1313", "https://www.nextinpact.com/lebrief/1190"),
            law(Topic::Frequency, "Décret 2022-1313", "https://www.nextinpact.com/lebrief/1190"),
            law(Topic::Refusal, "Décret 2022-1313", "https://www.nextinpact.com/lebrief/1190"),
            ours(Topic::Machine),
        ],
    },
    Preset {
        code: PresetCode::Ca,
        version: 1,
        verified_on: VERIFIED,
        calendar: Calendar::Ca,
        holidays_off: false,
        windows: &[(WORK, 9 * 60, 21 * 60 + 30), (WEEKEND, 10 * 60, 18 * 60)],
        caps: TWICE_A_DAY,
        cool_down_days: 30,
        consent_for: &[],
        may_dial_by_itself: true,
        sources: &[
            law(
                Topic::Basis,
                "Unsolicited Telecommunications Rules, part II",
                "https://www.lnnte-dncl.gc.ca/ind/ntr-nrt-eng",
            ),
            law(
                Topic::Hours,
                "Unsolicited Telecommunications Rules, part III",
                "https://www.northerntel.ca/eng/inside_ntl/donotcalllist/donotcalllist.htm",
            ),
            ours(Topic::Frequency),
            ours(Topic::Refusal),
        ],
    },
    Preset {
        code: PresetCode::Au,
        version: 1,
        verified_on: VERIFIED,
        calendar: Calendar::Au,
        holidays_off: true,
        windows: &[(WORK, 9 * 60, 20 * 60), (SATURDAY, 9 * 60, 17 * 60)],
        caps: TWICE_A_DAY,
        cool_down_days: 30,
        consent_for: &[],
        may_dial_by_itself: false,
        sources: &[
            law(
                Topic::Hours,
                "Telemarketing and Research Calls Industry Standard 2017",
                "https://www.donotcall.gov.au/consumers/consumer-overview/industry-standards/",
            ),
            ours(Topic::Frequency),
            ours(Topic::Refusal),
            ours(Topic::Machine),
        ],
    },
    Preset {
        code: PresetCode::Eu,
        version: 1,
        verified_on: VERIFIED,
        calendar: Calendar::Eu,
        holidays_off: true,
        windows: NINE_TO_SIX,
        caps: TWICE_A_DAY,
        cool_down_days: 60,
        consent_for: &[],
        may_dial_by_itself: false,
        sources: &[
            law(
                Topic::Basis,
                "2002/58/EC, art. 13(3); GDPR, art. 6(1)(f), 21",
                "https://apsalescoach.com/compliance/eu-gdpr",
            ),
            ours(Topic::Hours),
            ours(Topic::Frequency),
            ours(Topic::Refusal),
            ours(Topic::Machine),
        ],
    },
];

impl PresetCode {
    /// Only the campaign's own rules.
    pub fn own() -> Self {
        Self::Own
    }
    /// What a firm of that currency is offered first.
    pub fn of(currency: Currency) -> Self {
        match currency {
            Currency::Rub => Self::Ru,
            Currency::Usd => Self::Us,
            Currency::Eur => Self::Eu,
            Currency::Gbp => Self::Gb,
            _ => Self::Own,
        }
    }
    /// Its rules; none for a campaign that keeps to its own.
    pub fn preset(self) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.code == self)
    }
    /// What a decision names it by, as in `ru@1`.
    pub fn mark(self) -> String {
        self.preset().map_or_else(|| self.code().to_owned(), Preset::mark)
    }
}

impl Preset {
    /// What a decision names it by, as in `ru@1`.
    pub fn mark(&self) -> String {
        format!("{}@{}", self.code.code(), self.version)
    }

    /// The day its sources were read.
    pub fn verified_day(&self) -> Option<jiff::civil::Date> {
        self.verified_on.parse().ok()
    }

    /// When one may call.
    pub fn windows(&self) -> impl Iterator<Item = CallingHours> {
        self.windows.iter().map(|&(days, from_minute, to_minute)| CallingHours {
            days,
            from_minute,
            to_minute: to_minute.min(DAY_MINUTES),
            holidays_off: self.holidays_off,
            calendar: self.calendar,
        })
    }

    /// True when the ground a campaign names is not enough for its purpose.
    pub fn wants_consent(&self, purpose: Purpose, basis: LegalBasis) -> bool {
        self.consent_for.contains(&purpose) && basis != LegalBasis::Consent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_says_where_it_comes_from() {
        for code in PresetCode::ALL.iter().filter(|code| **code != PresetCode::Own) {
            let preset = code.preset().expect("a preset");
            assert!(preset.verified_day().is_some(), "{code:?}");
            assert!(preset.windows().all(|one| one.from_minute < one.to_minute), "{code:?}");
            for topic in [Topic::Hours, Topic::Frequency, Topic::Refusal] {
                assert!(preset.sources.iter().any(|s| s.topic == topic), "{code:?} {topic:?}");
            }
            for source in preset.sources {
                assert_eq!(source.name.is_empty(), source.link.is_empty(), "{source:?}");
                assert!(source.link.is_empty() || source.link.starts_with("https://"));
            }
            for cap in preset.caps {
                assert!(CAP_DAYS.contains(&cap.days) && cap.max > 0, "{cap:?}");
            }
        }
        assert!(PresetCode::Own.preset().is_none());
        assert_eq!(PresetCode::Fr.mark(), "fr@1");
    }
}
