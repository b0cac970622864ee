use super::*;
use crate::sip::digest::{Challenge, secret_of};
use crate::sip::message::Message;

const URI: &str = "sip:127.0.0.1:5060";

struct Phone {
    registrar: Registrar,
    tokens: Tokens,
    source: SocketAddr,
    name: String,
}

impl Phone {
    fn new() -> Self {
        let secrets = ["1001", "1002"].map(|name| (name, secret_of(name, "troika", "secret")));
        let secrets = secrets.map(|(name, secret)| (name.to_owned(), secret)).into();
        let source = "10.0.0.1:40000".parse().expect("an address");
        let registrar = Registrar::new("troika".to_owned(), secrets);
        let (tokens, name) = (Tokens::seeded([1; 32]), "1001".to_owned());
        Self { registrar, tokens, source, name }
    }

    fn say(&mut self, now: u64, more: &str) -> (Response, Option<Change>) {
        let (name, source) = (self.name.clone(), self.source);
        let text = format!(
            "REGISTER {URI} SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\n\
             From: <sip:{name}@h>;tag=1\r\nTo: <sip:{name}@h>\r\nCall-ID: c\r\n\
             CSeq: 3 REGISTER\r\n{more}\r\n"
        );
        let Some(Message::Request(request)) = Message::read(text.as_bytes()) else {
            panic!("no request: {text}")
        };
        self.registrar.register(&mut self.tokens, now, source, &request)
    }

    fn challenge(&mut self, now: u64) -> Challenge {
        let (asked, _) = self.say(now, "");
        assert_eq!(asked.status, 401);
        Challenge::read(asked.headers.first("WWW-Authenticate").expect("one")).expect("ours")
    }

    fn register(&mut self, now: u64, password: &str, more: &str) -> (Response, Option<Change>) {
        let challenge = self.challenge(now);
        let answer = challenge.answer((&self.name, password), "REGISTER", URI, "cafe");
        self.say(now, &format!("Authorization: {answer}\r\n{more}"))
    }
}

const CONTACT: &str = "Contact: <sip:1001@192.168.0.7:5062>;expires=60\r\n";

#[test]
fn a_right_password_binds_and_a_refresh_is_answered() {
    let mut phone = Phone::new();
    let (answer, change) = phone.register(0, "secret", CONTACT);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers.first("Contact"), Some("<sip:1001@192.168.0.7:5062>;expires=60"));
    assert_eq!(change, Some(Change::Here("1001".to_owned())));
    let (answer, change) = phone.register(50_000, "secret", CONTACT);
    assert_eq!((answer.status, change), (200, None));
    assert_eq!(phone.registrar.binding("1001").map(|b| b.expires), Some(110_000));
    assert_eq!(phone.registrar.expire(109_999), Vec::<String>::new());
    assert_eq!(phone.registrar.expire(110_000), ["1001"]);
}

#[test]
fn a_binding_is_struck_by_its_owner() {
    for strike in ["Contact: *\r\nExpires: 0\r\n", "Contact: <sip:a@h>;expires=0\r\n"] {
        let mut phone = Phone::new();
        phone.register(0, "secret", CONTACT);
        let (answer, change) = phone.register(1, "secret", strike);
        assert_eq!((answer.status, change), (200, Some(Change::Gone("1001".to_owned()))));
    }
}

#[test]
fn a_registration_is_neither_too_brief_nor_too_long() {
    let mut phone = Phone::new();
    let (answer, _) = phone.register(0, "secret", "Contact: <sip:a@h>;expires=9\r\n");
    assert_eq!(answer.status, 423);
    let (answer, _) = phone.register(0, "secret", "Contact: <sip:a@h>;expires=999999\r\n");
    assert_eq!(answer.headers.first("Contact"), Some("<sip:a@h>;expires=3600"));
    assert_eq!(phone.register(0, "secret", "Contact: *\r\n").0.status, 400);
    assert_eq!(phone.register(0, "secret", "Contact: <sip:a@h>;expires=x\r\n").0.status, 400);
}

#[test]
fn a_used_nonce_is_stale_and_says_so_only_with_the_right_password() {
    let mut phone = Phone::new();
    let challenge = phone.challenge(0);
    let right = challenge.answer(("1001", "secret"), "REGISTER", URI, "cafe");
    let right = format!("Authorization: {right}\r\n{CONTACT}");
    assert_eq!(phone.say(0, &right).0.status, 200);
    let (again, _) = phone.say(1, &right);
    assert_eq!(again.status, 401);
    assert!(again.headers.first("WWW-Authenticate").is_some_and(|c| c.contains("stale=true")));
    let wrong = challenge.answer(("1001", "other"), "REGISTER", URI, "cafe");
    let (answer, _) = phone.say(1, &format!("Authorization: {wrong}\r\n{CONTACT}"));
    assert!(answer.headers.first("WWW-Authenticate").is_some_and(|c| !c.contains("stale")));
}

#[test]
fn a_source_that_guesses_is_shut_out_for_a_while() {
    let mut phone = Phone::new();
    for guess in 1..FAILURES_MAX {
        assert_eq!(phone.register(0, &guess.to_string(), CONTACT).1, None);
    }
    let (_, change) = phone.register(0, "guess", CONTACT);
    assert_eq!(change, Some(Change::ShutOut(phone.source.ip())));
    assert_eq!(phone.say(1, "").0.status, 403, "also without a guess");
    assert_eq!(phone.say(SHUT_OUT_MS, "").0.status, 401);
    assert_eq!(phone.register(SHUT_OUT_MS, "secret", CONTACT).0.status, 200);
}

#[test]
fn who_guesses_shuts_out_no_phone_behind_the_same_address() {
    let mut phone = Phone::new();
    let (own, other) = (phone.source, "10.0.0.1:50000".parse().expect("an address"));
    assert_eq!(phone.register(0, "secret", CONTACT).0.status, 200);
    phone.source = other;
    for guess in 0..FAILURES_MAX {
        phone.register(1, &guess.to_string(), CONTACT);
    }
    assert_eq!(phone.say(2, "").0.status, 403);
    phone.name = "1002".to_owned();
    assert_eq!(phone.register(3, "secret", CONTACT).0.status, 200, "another phone is heard");
    (phone.name, phone.source) = ("1001".to_owned(), own);
    assert_eq!(phone.register(4, "secret", CONTACT).0.status, 200, "and who is here renews");
    // That frees nobody who guessed.
    phone.source = other;
    assert_eq!(phone.say(5, "").0.status, 403);
}

#[test]
fn who_is_shut_out_finds_no_way_back_by_other_names() {
    let mut phone = Phone::new();
    for guess in 0..FAILURES_MAX {
        phone.register(0, &guess.to_string(), CONTACT);
    }
    for name in 0..SOURCES_MAX + 10 {
        phone.registrar.fail(1, (phone.source.ip(), format!("other-{name}")));
    }
    assert_eq!(phone.registrar.sources.len(), SOURCES_MAX);
    assert_eq!(phone.say(2, "").0.status, 403);
}

#[test]
fn a_name_that_nobody_has_is_shut_out_as_any_and_memory_has_an_end() {
    let mut phone = Phone::new();
    phone.name = "9999".to_owned();
    for guess in 0..FAILURES_MAX {
        phone.register(0, &guess.to_string(), CONTACT);
    }
    assert_eq!(phone.say(1, "").0.status, 403);
    for name in 0..SOURCES_MAX + 10 {
        phone.registrar.fail(2, (phone.source.ip(), name.to_string()));
    }
    assert_eq!(phone.registrar.sources.len(), SOURCES_MAX);
    phone.name = "x".repeat(1_000);
    phone.registrar.sources.clear();
    phone.register(3, "guess", CONTACT);
    let kept = phone.registrar.sources.keys().next().expect("one");
    assert_eq!(kept.1.len(), NAME_CHARS_MAX);
}

#[test]
fn a_password_is_good_for_its_own_extension_and_address() {
    let mut phone = Phone::new();
    let challenge = phone.challenge(0);
    for (user, uri) in [("1002", URI), ("1001", "sip:elsewhere")] {
        let answer = challenge.answer((user, "secret"), "REGISTER", uri, "cafe");
        let (answer, change) = phone.say(0, &format!("Authorization: {answer}\r\n{CONTACT}"));
        assert_eq!((answer.status, change), (401, None));
    }
}
