//! What must hold for any text at all: one function for each reader of values. `fuzz/` runs them
//! under cargo-fuzz, `examples/values.rs` on stable, `tests/mutations.rs` a little with every test.

use linkage::cells::{Damage, damage, split_many};
use linkage::normalise::{
    self, CompanyName, IdentifierProblem, Repair, TaxIdKind, email, kpp, layout, ogrn, tax_id,
    web_domain,
};

/// A reader under its name.
pub type Target = (&'static str, fn(&[u8]));

/// Every reader.
pub const TARGETS: [Target; 7] = [
    ("cell", cell),
    ("name", name),
    ("tax", tax),
    ("mail", mail),
    ("domain", domain),
    ("address", address),
    ("layout", slips),
];

/// Values that make sense, and some that nearly do.
pub fn seeds() -> Vec<Vec<u8>> {
    [
        "+7 (495) 963-76-77 доб. 12, 13; 8 916 123-45-67 / 495 1234567 и 1234567 или 7654321",
        "https://www.shop.example.co.uk:80/a?b#c, 'a@b.ru'; <Лён> mailto:c.d@xn--e1afmkfd.ru and e",
        "7,91235E+10 #ЗНАЧ! ##### '7.9е-3",
        "Общество с ограниченной ответственностью «Лён-Трейд № 5» (ООО \"ЛЁН\")",
        "ГБОУ города Москвы школа № 1234 имени д'Артаньяна",
        "Müller & Söhne GmbH + Co. KG ﬁ ﷺ İ ΑΣ Bеkтop",
        "ИНН: 7714239823 КПП 770101001 ОГРН 1027700132195",
        "0274062111.0",
        "5001007З2259",
        "304500116000157",
        "КПП 77011E001",
        "«Иван» <Ivan.Petrov+x@Mail.RU>.",
        "иванов@почта.рф",
        "https://лён.рф/путь",
        "127299, г. Москва, ул. Космонавта Волкова, д.12 корп.2 стр.3, оф. 5а",
        "Россия, респ. Татарстан; р-н Лаишевский, с. Столбище, пр-т Мира 3/5 кв.7 (СПб)",
        "JJJ Dtrnjh",
        "штащ@фсьу.кг",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// What readers of values stumble over.
pub const TOKENS: [&[u8]; 24] = [
    b" ",
    b"\xc2\xa0",
    b"\xe2\x80\x8b",
    b"\xcc\x81",
    b"\xff",
    b"\n",
    b",",
    b";",
    b"/",
    b"(",
    b")",
    b"'",
    b"\"",
    b"@",
    b".",
    b"-",
    b"0",
    b"E+",
    b"www.",
    "и ".as_bytes(),
    "ооо".as_bytes(),
    "города ".as_bytes(),
    "д.".as_bytes(),
    "İΣ".as_bytes(),
];

/// How much longer a text becomes at most when it is spelled out: one sign of three bytes is
/// eighteen letters.
const SPELLED_OUT: usize = 36;

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The values of a cell: none is empty, they stand in their order, and no digit is lost.
pub fn cell(bytes: &[u8]) {
    let cell = String::from_utf8_lossy(bytes);
    let values = split_many(&cell);
    let mut rest: &str = &cell;
    for value in &values {
        assert!(!value.is_empty() && value.trim() == *value, "{cell:?}: {value:?}");
        let at = rest.find(value).expect("it stands behind the one before");
        rest = &rest[at + value.len()..];
    }
    assert_eq!(digits(&values.concat()), digits(&cell), "{cell:?}");
    let found = damage(&cell);
    assert_eq!(damage(&format!("\u{a0}{cell} ")), found, "{cell:?}");
    assert!(found != Some(Damage::Rounded) || !digits(&cell).is_empty(), "{cell:?}");
}

/// The name of a company: words, none of them empty, that make the same name again.
pub fn name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = normalise::name(&text);
    assert_eq!(CompanyName::from_core(found.form, &found.core), found, "{text:?}");
    assert!(found.tokens.iter().all(|word| !word.is_empty()), "{text:?}");
    assert!(found.core.len() <= SPELLED_OUT * text.len(), "{text:?}");
    assert_eq!(found.is_empty(), found.core.is_empty(), "{text:?}");
    let bones: Vec<char> = normalise::skeleton(&text).chars().collect();
    assert!(bones.windows(2).all(|two| two[0] != two[1]), "{text:?}");
    assert!(normalise::cyrillic_words(&text).iter().all(|word| !word.is_empty()), "{text:?}");
}

/// Tax numbers and those of registers: what is given out is right, and read again it is itself.
pub fn tax(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = tax_id(&text);
    if let Ok(id) = read {
        assert_eq!(id.digits(), digits(&text), "{text:?}");
    }
    if let Some(id) = read.ok().or_else(|| read.err().and_then(|problem| problem.repaired())) {
        assert!(is_tax_number(&id.digits()), "{text:?}: {id}");
        assert_eq!(id.digits().len() == 10, id.kind() == TaxIdKind::Company10, "{text:?}");
        assert!((1..=99).contains(&id.region()), "{text:?}: {id}");
        assert_eq!(tax_id(&id.digits()), Ok(id), "{text:?}");
    }
    let read = ogrn(&text);
    if let Some(number) = read.ok().or_else(|| read.err().and_then(|problem| problem.repaired())) {
        assert!(is_register_number(&number.digits()), "{text:?}: {number}");
        assert!((1..=99).contains(&number.region()), "{text:?}: {number}");
        assert_eq!(ogrn(&number.digits()), Ok(number), "{text:?}");
    }
    let read = kpp(&text);
    if let Some(code) = read.ok().or_else(|| read.err().and_then(|problem| problem.repaired())) {
        assert!(code.tax_office() >= 100 && code.text().len() == 9, "{text:?}: {code}");
        // Alone, «77011E001» is a number that a spreadsheet has rounded.
        let again = kpp(&code.text());
        let is_itself = again == Ok(code) || matches!(again, Err(IdentifierProblem::Damaged(_)));
        assert!(is_itself, "{text:?}: {code}");
    }
    made_up(bytes);
}

/// A number made up by the rules is one, also after its first nought was lost.
fn made_up(bytes: &[u8]) {
    let Some(nine) = bytes.first_chunk::<9>() else { return };
    let mut number: String = nine.iter().map(|byte| char::from(b'0' + byte % 10)).collect();
    number.push(weighed(&number, &[2, 4, 10, 3, 5, 9, 4, 6, 8]));
    if number.starts_with("00") {
        return;
    }
    assert_eq!(tax_id(&number).map(|id| id.digits()).as_ref(), Ok(&number));
    if let Some(short) = number.strip_prefix('0') {
        match tax_id(short) {
            Err(IdentifierProblem::Repaired { value, repair: Repair::LostZero }) => {
                assert_eq!(value.digits(), number);
            }
            told => panic!("{short}: {told:?}"),
        }
    }
}

/// The sum of digits by their weights, as a digit.
fn weighed(number: &str, weights: &[u32]) -> char {
    let values = number.chars().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = values.zip(weights).map(|(digit, weight)| digit * weight).sum();
    char::from_digit(sum % 11 % 10, 10).expect("below ten")
}

fn is_tax_number(number: &str) -> bool {
    let holds = |at: usize, weights: &[u32]| number[at..].starts_with(weighed(number, weights));
    match number.len() {
        10 => holds(9, &[2, 4, 10, 3, 5, 9, 4, 6, 8]),
        12 => {
            holds(10, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
                && holds(11, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
        }
        _ => false,
    }
}

fn is_register_number(number: &str) -> bool {
    let (before, last) = number.split_at(number.len() - 1);
    let modulus = match (number.len(), &number[..1]) {
        (13, "1" | "5") => 11,
        (15, "3") => 13,
        _ => return false,
    };
    let before: u64 = before.parse().expect("digits");
    (before % modulus % 10).to_string() == last
}

/// A mail address: one @, its halves within their bounds, and itself when it is read again.
pub fn mail(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(found) = email(&text) else { return };
    assert_eq!(found.address().matches('@').count(), 1, "{text:?}");
    assert!((1..=64).contains(&found.local().len()), "{text:?}");
    assert!((4..=253).contains(&found.domain().len()), "{text:?}");
    assert_eq!(found.key().to_lowercase(), found.key(), "{text:?}");
    // An apostrophe in front may be a part of it or a quote around it.
    if found.local().starts_with(char::is_alphanumeric) {
        assert_eq!(email(&found.address()).as_ref(), Ok(&found), "{text:?}");
    }
    if let Some(domain) = found.web_domain() {
        assert_eq!(domain.host(), found.domain(), "{text:?}");
    }
}

/// A web domain: small letters, what was registered is its end, and itself when it is read again.
pub fn domain(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(found) = web_domain(&text) else { return };
    let (host, registrable) = (found.host(), found.registrable());
    assert!((4..=253).contains(&host.len()) && registrable.contains('.'), "{text:?}");
    assert_eq!(host.to_lowercase(), host, "{text:?}");
    let rest = host.strip_suffix(registrable).expect("its end");
    assert!(rest.is_empty() || rest.ends_with('.'), "{text:?}");
    if !host.starts_with("www.") {
        assert_eq!(web_domain(host).as_ref(), Ok(&found), "{text:?}");
    }
}

/// An address: no part is empty, and blanks and commas around it change nothing.
pub fn address(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = normalise::address(&text);
    let named = [
        &found.postcode,
        &found.region,
        &found.district,
        &found.city,
        &found.street,
        &found.house,
        &found.building,
        &found.office,
    ];
    let mut all = named.into_iter().flatten().chain(&found.rest);
    assert!(all.all(|part| !part.is_empty()), "{text:?}: {found:?}");
    let is_code = |code: &String| code.len() == 6 && digits(code) == *code;
    assert!(found.postcode.as_ref().is_none_or(is_code), "{text:?}");
    assert_eq!(normalise::address(&format!(" {text} ,")), found, "{text:?}");
    let town = normalise::town(&text);
    assert!(town.trim() == town && !town.contains("  "), "{text:?}: {town:?}");
}

/// What was typed in the other layout: a letter for every letter.
pub fn slips(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let count = text.chars().count();
    for meant in [layout::in_cyrillic(&text), layout::slip_of_address(&text)].into_iter().flatten()
    {
        assert_eq!(meant.chars().count(), count, "{text:?}");
    }
    match layout::slip_of_name(&text) {
        Some(layout::Slip::Certain(meant) | layout::Slip::Likely(meant)) => {
            assert_eq!(Some(meant), layout::in_cyrillic(&text), "{text:?}");
        }
        None => {}
    }
}
