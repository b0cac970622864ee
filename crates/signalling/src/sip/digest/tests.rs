use super::*;

/// Hashes computed by another program for `REGISTER sip:127.0.0.1`, user 1001, realm troika,
/// password `secret`, nonce `abc`, client nonce `0a4f113b`.
const COUNTED: [(&str, &str); 7] = [
    ("00000001", "80a5071ec31b9e130db2e3517adfe87f"),
    ("00000009", "ec7abb3249a01545387142b99edf4b50"),
    ("0000000a", "caeeff9998bc1443687f96decf70b488"),
    ("0000000f", "d627730133f1390943a5aa47b8b7fb5a"),
    ("00000010", "4142f433b367a7732b995bfc40dfa085"),
    ("000000ff", "774ff2d0a4626abe0d56f5cdeb3001bf"),
    ("00000100", "cf423be5fab1f789038e37735179f7a9"),
];

fn credentials(nonce: &str, nc: &str, response: &str) -> Credentials {
    let text = format!(
        "Digest username=\"1001\", realm=\"troika\", nonce=\"{nonce}\", uri=\"sip:127.0.0.1\", \
         response=\"{response}\", cnonce=\"0a4f113b\", qop=auth, nc={nc}, algorithm=MD5"
    );
    Credentials::read(&text).expect("credentials")
}

#[test]
fn the_example_of_rfc_2617_holds() {
    let text = "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", \
        nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, \
        nc=00000001, cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\", \
        opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
    let said = Credentials::read(text).expect("credentials");
    let secret = secret_of("Mufasa", "testrealm@host.com", "Circle Of Life");
    assert!(said.fits(&secret, "GET"));
    assert!(!said.fits(&secret, "POST"));
}

#[test]
fn a_count_is_hashed_as_the_text_it_came_as() {
    let secret = secret_of("1001", "troika", "secret");
    for (nc, response) in COUNTED {
        assert!(credentials("abc", nc, response).fits(&secret, "REGISTER"), "{nc}");
        let other = secret_of("1001", "troika", "secreT");
        assert!(!credentials("abc", nc, response).fits(&other, "REGISTER"), "{nc}");
    }
}

#[test]
fn a_nonce_is_ours_in_time_and_its_count_only_grows() {
    let mut tokens = Tokens::seeded([7; 32]);
    let mut nonces = Nonces::default();
    let nonce = Nonces::issue(&mut tokens, 1_000);
    let with = |nc: &str| credentials(&nonce, nc, "0");
    let worth = |nonces: &Nonces, nc: &str, now| nonces.worth(&tokens, &with(nc), now);
    assert_eq!(worth(&nonces, "00000001", 2_000), Worth::Good);
    assert_eq!(worth(&nonces, "00000001", 2_000), Worth::Good, "asking spends nothing");
    nonces.spend(&with("0000000a"), 2_000);
    assert_eq!(worth(&nonces, "0000000a", 2_000), Worth::Stale, "a replay");
    assert_eq!(worth(&nonces, "00000009", 2_000), Worth::Stale);
    assert_eq!(worth(&nonces, "00000010", 2_000), Worth::Good);
    assert_eq!(worth(&nonces, "+0000010", 2_000), Worth::Stale, "no such count");
    assert_eq!(worth(&nonces, "00000010", 1_001 + NONCE_MS), Worth::Stale);
    let mut forged = nonce.clone();
    forged.replace_range(0..1, "1");
    let said = credentials(&forged, "00000001", "0");
    assert_eq!(nonces.worth(&tokens, &said, 2_000), Worth::Foreign);
    assert_eq!(nonces.worth(&tokens, &credentials("é", "00000001", "0"), 0), Worth::Foreign);
}

#[test]
fn an_answer_to_a_challenge_fits_the_secret() {
    for qop in [", qop=\"auth,auth-int\"", ""] {
        let text = format!("Digest realm=\"far, away\", nonce=\"n1\"{qop}, opaque=\"o\"");
        let challenge = Challenge::read(&text).expect("a challenge");
        let answer = challenge.answer(("me", "pass"), "INVITE", "sip:7@host", "cafe");
        let said = Credentials::read(&answer).expect("credentials");
        assert!(said.fits(&secret_of("me", "far, away", "pass"), "INVITE"), "{answer}");
        assert_eq!(said.counted.is_some(), !qop.is_empty());
    }
    assert_eq!(Challenge::read("Digest realm=\"a\", nonce=\"b\", algorithm=SHA-256"), None);
    assert_eq!(Challenge::read("Digest realm=\"a\", nonce=\"b\", qop=\"auth-int\""), None);
    assert_eq!(Challenge::read("Basic realm=\"a\""), None);
}

#[test]
fn a_parameter_said_twice_is_refused() {
    assert_eq!(
        Credentials::read(
            "Digest username=\"a\", username=\"b\", realm=\"r\", nonce=\"n\", uri=\"u\", \
             response=\"0\""
        ),
        None
    );
}
