//! Settings of telephony: off unless a listen address is said.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use crate::telephony::drivers::ari::AriSettings;
use crate::telephony::drivers::sip::SipSettings;
use crate::telephony::exchange::Recorded;
use crate::telephony::receiving::OwnNumber;

/// What may be said of it: the same by flags, by environment and in the section `[telephony]` of
/// the settings file. Secrets have no flag, for others at the machine read the flags of programs.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telephony {
    /// Where phones register; telephony is off without it
    #[arg(long, value_name = "ADDRESS:PORT")]
    sip_listen: Option<String>,
    /// The address that phones and the trunk are told, where it is another one
    #[arg(long, value_name = "ADDRESS")]
    sip_public: Option<String>,
    /// Where calls go out
    #[arg(long, value_name = "ADDRESS:PORT")]
    sip_trunk: Option<String>,
    /// The user that the trunk knows us by
    #[arg(long, value_name = "USER")]
    sip_trunk_user: Option<String>,
    /// The password of that user
    #[arg(skip)]
    sip_trunk_secret: Option<String>,
    /// How often the trunk is asked whether it is there, in seconds; 0 for never
    #[arg(long, value_name = "SECONDS")]
    sip_trunk_ping: Option<u64>,
    /// The number that calls come from; several with commas between, the first before the others
    #[arg(long, value_name = "NUMBER,…")]
    sip_caller_id: Option<String>,
    /// What numbers must begin with to be called, in digits, with commas between
    #[arg(long, value_name = "DIGITS,…")]
    sip_prefixes: Option<String>,
    /// The firm's numbers at the trunk whose calls are taken, each with the team that takes them,
    /// as in 74950000000=Team,74951111111; without it calls that come in are told of and refused
    #[arg(long, value_name = "NUMBER=TEAM,…")]
    sip_numbers: Option<String>,
    /// The ports for sound, as in 20000-20199; any free ones without it
    #[arg(long, value_name = "FIRST-LAST")]
    sip_ports: Option<String>,
    /// Where Asterisk's HTTP server listens, whose ARI makes the calls instead of the own engine
    #[arg(long, value_name = "ADDRESS:PORT")]
    ari: Option<String>,
    /// The user of ARI
    #[arg(long, value_name = "USER")]
    ari_user: Option<String>,
    /// The password of that user
    #[arg(skip)]
    ari_secret: Option<String>,
    /// What Asterisk dials for a number, as in PJSIP/{number}@trunk
    #[arg(long, value_name = "PATTERN")]
    ari_dial: Option<String>,
    /// The name of the application in Asterisk; troika without it
    #[arg(long, value_name = "NAME")]
    ari_app: Option<String>,
    /// How long a number rings, in seconds
    #[arg(long, value_name = "SECONDS")]
    sip_ring: Option<u64>,
    /// The folder of recordings; none are made without it
    #[arg(long, value_name = "FOLDER")]
    recordings: Option<PathBuf>,
    /// Says that people are told that they are recorded; nothing is recorded without it
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "TRUE|FALSE")]
    recording_consent: Option<bool>,
    /// How many days a recording stands
    #[arg(long, value_name = "DAYS")]
    recording_days: Option<i64>,
}

/// Variables it is said by.
pub const KNOWN: [&str; 19] = [
    "TROIKA_SIP_LISTEN",
    "TROIKA_SIP_PUBLIC",
    "TROIKA_SIP_TRUNK",
    "TROIKA_SIP_TRUNK_USER",
    "TROIKA_SIP_TRUNK_SECRET",
    "TROIKA_SIP_TRUNK_PING",
    "TROIKA_SIP_CALLER_ID",
    "TROIKA_SIP_PREFIXES",
    "TROIKA_SIP_NUMBERS",
    "TROIKA_SIP_PORTS",
    "TROIKA_SIP_RING",
    "TROIKA_ARI",
    "TROIKA_ARI_USER",
    "TROIKA_ARI_SECRET",
    "TROIKA_ARI_DIAL",
    "TROIKA_ARI_APP",
    "TROIKA_RECORDINGS",
    "TROIKA_RECORDING_CONSENT",
    "TROIKA_RECORDING_DAYS",
];

/// How long a number rings when nobody says it.
const RING_SECONDS: u64 = 40;
/// How often the trunk is asked.
const PING_SECONDS: u64 = 30;
/// The application in Asterisk.
const APP: &str = "troika";
/// How many days a recording stands.
const DAYS: i64 = 90;

/// By what calls are made.
pub enum Driver {
    /// The engine of the product.
    Sip(SipSettings),
    /// An Asterisk.
    Ari(AriSettings),
}

/// The driver and what it does about recording.
pub struct Chosen {
    /// The driver.
    pub driver: Driver,
    /// Recording.
    pub recorded: Recorded,
}

impl Telephony {
    /// What the environment says; `get` answers for a variable.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        Ok(Self {
            sip_listen: get("TROIKA_SIP_LISTEN"),
            sip_public: get("TROIKA_SIP_PUBLIC"),
            sip_trunk: get("TROIKA_SIP_TRUNK"),
            sip_trunk_user: get("TROIKA_SIP_TRUNK_USER"),
            sip_trunk_secret: get("TROIKA_SIP_TRUNK_SECRET"),
            sip_trunk_ping: read("TROIKA_SIP_TRUNK_PING", get("TROIKA_SIP_TRUNK_PING"))?,
            sip_caller_id: get("TROIKA_SIP_CALLER_ID"),
            sip_prefixes: get("TROIKA_SIP_PREFIXES"),
            sip_numbers: get("TROIKA_SIP_NUMBERS"),
            sip_ports: get("TROIKA_SIP_PORTS"),
            sip_ring: read("TROIKA_SIP_RING", get("TROIKA_SIP_RING"))?,
            ari: get("TROIKA_ARI"),
            ari_user: get("TROIKA_ARI_USER"),
            ari_secret: get("TROIKA_ARI_SECRET"),
            ari_dial: get("TROIKA_ARI_DIAL"),
            ari_app: get("TROIKA_ARI_APP"),
            recordings: get("TROIKA_RECORDINGS").map(PathBuf::from),
            recording_consent: read("TROIKA_RECORDING_CONSENT", get("TROIKA_RECORDING_CONSENT"))?,
            recording_days: read("TROIKA_RECORDING_DAYS", get("TROIKA_RECORDING_DAYS"))?,
        })
    }

    /// This before all else, and what it does not say from another source.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            sip_listen: self.sip_listen.or(other.sip_listen),
            sip_public: self.sip_public.or(other.sip_public),
            sip_trunk: self.sip_trunk.or(other.sip_trunk),
            sip_trunk_user: self.sip_trunk_user.or(other.sip_trunk_user),
            sip_trunk_secret: self.sip_trunk_secret.or(other.sip_trunk_secret),
            sip_trunk_ping: self.sip_trunk_ping.or(other.sip_trunk_ping),
            sip_caller_id: self.sip_caller_id.or(other.sip_caller_id),
            sip_prefixes: self.sip_prefixes.or(other.sip_prefixes),
            sip_numbers: self.sip_numbers.or(other.sip_numbers),
            sip_ports: self.sip_ports.or(other.sip_ports),
            sip_ring: self.sip_ring.or(other.sip_ring),
            ari: self.ari.or(other.ari),
            ari_user: self.ari_user.or(other.ari_user),
            ari_secret: self.ari_secret.or(other.ari_secret),
            ari_dial: self.ari_dial.or(other.ari_dial),
            ari_app: self.ari_app.or(other.ari_app),
            recordings: self.recordings.or(other.recordings),
            recording_consent: self.recording_consent.or(other.recording_consent),
            recording_days: self.recording_days.or(other.recording_days),
        }
    }

    /// What holds; `None` where telephony is off.
    pub fn chosen(&self) -> Result<Option<Chosen>, String> {
        if let Some(place) = &self.ari {
            return self.chosen_ari(place).map(Some);
        }
        let Some(listen) = &self.sip_listen else {
            let is_idle = self.sip_trunk.is_none() && self.recordings.is_none();
            let without = "telephony is set up without sip_listen, so that no phone could register";
            return if is_idle { Ok(None) } else { Err(without.to_owned()) };
        };
        let credentials = match (&self.sip_trunk_user, &self.sip_trunk_secret) {
            (Some(user), Some(secret)) => Some((user.clone(), secret.clone())),
            (None, None) => None,
            _ => return Err("sip_trunk_user and sip_trunk_secret go together".to_owned()),
        };
        let trunk = needed("sip_trunk", &self.sip_trunk)?;
        let sip = SipSettings {
            listen: address("sip_listen", listen)?,
            public: self.sip_public.as_deref().map(public).transpose()?,
            trunk: address("sip_trunk", trunk)?,
            credentials,
            ping_ms: self.sip_trunk_ping.unwrap_or(PING_SECONDS) * 1_000,
            caller_ids: caller_ids(needed("sip_caller_id", &self.sip_caller_id)?)?,
            prefixes: prefixes(needed("sip_prefixes", &self.sip_prefixes)?)?,
            numbers: self.sip_numbers.as_deref().map(numbers).transpose()?.unwrap_or_default(),
            ports: self.sip_ports.as_deref().map(ports).transpose()?,
            ring_ms: self.sip_ring.unwrap_or(RING_SECONDS) * 1_000,
            recordings: self.recordings.clone(),
        };
        let has_consent = self.recording_consent.unwrap_or(false);
        if let Some(folder) = self.recordings.as_ref().filter(|_| !has_consent) {
            return Err(format!(
                "recordings are to be written to {}, and nobody says that people are told so: \
                 set recording_consent to true, or leave recordings out",
                folder.display()
            ));
        }
        if let Some(folder) = self.recordings.as_ref().filter(|folder| !folder.is_dir()) {
            return Err(format!(
                "there is no folder {} for recordings: make it, readable by nobody else, or leave \
                 recordings out",
                folder.display()
            ));
        }
        let days = self.recording_days.unwrap_or(DAYS);
        if !(1..=3_650).contains(&days) {
            return Err("recording_days is from 1 to 3650".to_owned());
        }
        let driver = Driver::Sip(sip);
        Ok(Some(Chosen { driver, recorded: Recorded { has_consent, days } }))
    }

    fn chosen_ari(&self, place: &str) -> Result<Chosen, String> {
        if self.sip_listen.is_some() || self.sip_trunk.is_some() || self.recordings.is_some() {
            return Err("with ari, Asterisk has the phones, the trunk and the recordings: leave \
                        sip_listen, sip_trunk and recordings out"
                .to_owned());
        }
        let dial = needed("ari_dial", &self.ari_dial)?.to_owned();
        if !dial.contains("{number}") || !dial.contains('/') {
            return Err(format!("ari_dial: {dial:?} is not as PJSIP/{{number}}@trunk"));
        }
        let app = self.ari_app.clone().unwrap_or_else(|| APP.to_owned());
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if app.is_empty() || !app.chars().all(is_plain) {
            return Err(format!("ari_app: {app:?} is not of Latin letters and digits"));
        }
        let ring = self.sip_ring.unwrap_or(RING_SECONDS);
        let driver = Driver::Ari(AriSettings {
            place: address("ari", place)?,
            user: needed("ari_user", &self.ari_user)?.to_owned(),
            secret: needed("ari_secret", &self.ari_secret)?.to_owned(),
            app,
            dial,
            caller_id: needed("sip_caller_id", &self.sip_caller_id)?.to_owned(),
            prefixes: prefixes(needed("sip_prefixes", &self.sip_prefixes)?)?,
            ring_ms: i64::try_from(ring).unwrap_or(i64::MAX).saturating_mul(1_000),
        });
        Ok(Chosen { driver, recorded: Recorded { has_consent: false, days: DAYS } })
    }
}

fn read<T: std::str::FromStr>(name: &str, text: Option<String>) -> Result<Option<T>, String> {
    let parse =
        |text: String| text.parse().map_err(|_| format!("{name} is not understood: {text:?}"));
    text.map(parse).transpose()
}

/// The numbers that calls may come from.
fn caller_ids(text: &str) -> Result<Vec<String>, String> {
    let all: Vec<String> = text.split(',').map(|one| one.trim().to_owned()).collect();
    let is_number = |one: &String| {
        let digits = one.strip_prefix('+').unwrap_or(one);
        !digits.is_empty()
            && digits.len() <= 32
            && digits.chars().all(|c| c.is_ascii_alphanumeric())
    };
    match all.iter().find(|one| !is_number(one)) {
        None => Ok(all),
        Some(wrong) => Err(format!("sip_caller_id: {wrong:?} is no number to call from")),
    }
}

fn needed<'a>(name: &str, value: &'a Option<String>) -> Result<&'a str, String> {
    value.as_deref().ok_or_else(|| format!("telephony is on and {name} is missing"))
}

fn address(name: &str, text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("{name}: {text:?} is not ADDRESS:PORT; names are not looked up"))
}

fn public(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| format!("sip_public: {text:?} is not an address"))
}

fn prefixes(text: &str) -> Result<Vec<String>, String> {
    let all: Vec<String> = text.split(',').map(|one| one.trim().to_owned()).collect();
    let is_one = |one: &String| !one.is_empty() && one.bytes().all(|c| c.is_ascii_digit());
    match all.iter().all(is_one) {
        true => Ok(all),
        false => Err(format!("sip_prefixes: {text:?} is not digits with commas between")),
    }
}

fn numbers(text: &str) -> Result<Vec<OwnNumber>, String> {
    let one = |one: &str| {
        let (number, team) = match one.split_once('=') {
            Some((number, team)) => (number, Some(team.trim().to_owned())),
            None => (one, None),
        };
        let number = number.trim();
        let digits = number.strip_prefix('+').unwrap_or(number).to_owned();
        let is_number =
            (3..=15).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
        let is_whole = is_number && team.as_ref().is_none_or(|team| !team.is_empty());
        is_whole.then_some(OwnNumber { digits, team })
    };
    text.split(',').map(one).collect::<Option<Vec<_>>>().ok_or_else(|| {
        format!("sip_numbers: {text:?} is not NUMBER or NUMBER=TEAM, with commas between")
    })
}

fn ports(text: &str) -> Result<RangeInclusive<u16>, String> {
    let range = text
        .split_once('-')
        .and_then(|(first, last)| Some(first.trim().parse().ok()?..=last.trim().parse().ok()?));
    range
        .filter(|range| *range.start() > 0 && range.start() <= range.end())
        .ok_or_else(|| format!("sip_ports: {text:?} is not FIRST-LAST"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Telephony {
        let text = |text: &str| Some(text.to_owned());
        Telephony {
            sip_listen: text("127.0.0.1:5060"),
            sip_trunk: text("127.0.0.1:5080"),
            sip_caller_id: text("+74950000000"),
            sip_prefixes: text("7, 8"),
            ..Telephony::default()
        }
    }

    #[test]
    fn numbers_are_told_with_their_teams() {
        let one = |digits: &str, team: Option<&str>| OwnNumber {
            digits: digits.to_owned(),
            team: team.map(str::to_owned),
        };
        let both = vec![one("74950000000", Some("Line one")), one("74951111111", None)];
        assert_eq!(numbers("+74950000000=Line one, 74951111111"), Ok(both));
        for wrong in ["", "abc", "7495=", "74950000000=a,,", "12", "1234567890123456"] {
            assert!(numbers(wrong).is_err(), "{wrong:?}");
        }
        let all = Telephony { sip_numbers: Some("74950000000".to_owned()), ..told() };
        let chosen = all.chosen().expect("is well").expect("is on");
        assert_eq!(sip(chosen).numbers, [one("74950000000", None)]);
    }

    fn sip(chosen: Chosen) -> SipSettings {
        match chosen.driver {
            Driver::Sip(sip) => sip,
            Driver::Ari(_) => panic!("the own engine is set up"),
        }
    }

    fn told_ari() -> Telephony {
        let text = |text: &str| Some(text.to_owned());
        Telephony {
            sip_listen: None,
            sip_trunk: None,
            ari: text("127.0.0.1:8088"),
            ari_user: text("troika"),
            ari_secret: text("secret"),
            ari_dial: text("PJSIP/{number}@trunk"),
            ..told()
        }
    }

    #[test]
    fn an_asterisk_takes_the_place_of_the_own_engine() {
        let chosen = told_ari().chosen().expect("is fine").expect("is on");
        let Driver::Ari(ari) = chosen.driver else { panic!("an Asterisk is set up") };
        assert_eq!((ari.app.as_str(), ari.ring_ms), ("troika", 40_000));
        assert!(!chosen.recorded.has_consent);
    }

    #[test]
    fn telephony_is_off_unless_it_is_said() {
        assert!(Telephony::default().chosen().expect("is fine").is_none());
    }

    #[test]
    fn what_is_said_nearer_comes_first() {
        let other = Telephony { sip_listen: Some("0.0.0.0:1".into()), sip_ring: Some(9), ..told() };
        let chosen = told().or(other).chosen().expect("is fine").expect("is on");
        let chosen = sip(chosen);
        assert_eq!(chosen.listen.to_string(), "127.0.0.1:5060");
        assert_eq!((chosen.ring_ms, chosen.prefixes), (9_000, vec!["7".into(), "8".into()]));
        let get = |name: &str| (name == "TROIKA_SIP_RING").then(|| "11".to_owned());
        let said = Telephony::of_environment(get).expect("is read");
        let chosen = said.or(told()).chosen().expect("is fine").expect("is on");
        assert_eq!(sip(chosen).ring_ms, 11_000);
    }

    #[test]
    fn what_is_half_said_is_refused_by_name() {
        let text = |text: &str| Some(text.to_owned());
        for (settings, word) in [
            (Telephony { sip_listen: None, ..told() }, "sip_listen"),
            (Telephony { sip_trunk: None, ..told() }, "sip_trunk"),
            (Telephony { sip_trunk: text("sip.example:5060"), ..told() }, "names are not"),
            (Telephony { sip_prefixes: text("+7"), ..told() }, "sip_prefixes"),
            (Telephony { sip_ports: text("9-1"), ..told() }, "sip_ports"),
            (Telephony { sip_trunk_user: text("us"), ..told() }, "go together"),
            (Telephony { recordings: Some("sound".into()), ..told() }, "recording_consent"),
            (
                Telephony {
                    recordings: Some("no such folder".into()),
                    recording_consent: Some(true),
                    ..told()
                },
                "there is no folder",
            ),
            (Telephony { recording_days: Some(0), ..told() }, "recording_days"),
            (Telephony { ari_secret: None, ..told_ari() }, "ari_secret"),
            (Telephony { ari_dial: text("PJSIP/trunk"), ..told_ari() }, "{number}"),
            (Telephony { ari_app: text("a b"), ..told_ari() }, "ari_app"),
            (Telephony { sip_trunk: text("127.0.0.1:5080"), ..told_ari() }, "leave"),
        ] {
            let problem = settings.chosen().err().expect(word);
            assert!(problem.contains(word), "{problem}");
        }
    }
}
