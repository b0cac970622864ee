//! What physical keys say, by layout.

/// What a key says in the Latin layout.
pub fn latin(code: &str) -> String {
    match code {
        "Space" => " ".to_owned(),
        "Slash" => "/".to_owned(),
        "Comma" => ",".to_owned(),
        "Period" => ".".to_owned(),
        _ => code
            .strip_prefix("Key")
            .map(str::to_lowercase)
            .or_else(|| code.strip_prefix("Digit").map(str::to_owned))
            .unwrap_or_else(|| code.to_owned()),
    }
}

/// What a key says in the Russian layout.
pub fn russian(code: &str) -> String {
    const LATIN: &str = "qwertyuiopasdfghjklzxcvbnm";
    const RUSSIAN: &str = "йцукенгшщзфывапролдячсмить";
    let name = latin(code);
    let place = LATIN.chars().position(|c| name.chars().eq([c]));
    let letter = place.and_then(|place| RUSSIAN.chars().nth(place));
    letter.map_or(name, String::from)
}

/// The number of a key, as Chromium's commands take it.
pub fn virtual_key(code: &str) -> u32 {
    match code {
        "Enter" => 13,
        "Escape" => 27,
        "Tab" => 9,
        "Backspace" => 8,
        "Space" => 32,
        "ArrowLeft" => 37,
        "ArrowUp" => 38,
        "ArrowRight" => 39,
        "ArrowDown" => 40,
        _ => code.chars().last().map_or(0, u32::from),
    }
}

#[test]
fn a_key_says_another_letter_in_another_layout() {
    assert_eq!((latin("KeyC"), russian("KeyC")), ("c".to_owned(), "с".to_owned()));
    assert_eq!((latin("Digit4"), russian("Digit4")), ("4".to_owned(), "4".to_owned()));
    assert_eq!(russian("Enter"), "Enter");
}
