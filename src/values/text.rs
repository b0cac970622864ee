//! Letters that nobody sees, in what people call things.

/// True for what is no letter on screen: a control, or a mark that turns the direction of what
/// stands around it and makes one name look like another.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text without those.
pub fn without_unseen(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_turn_the_direction_are_dropped_and_letters_stay() {
        assert_eq!(without_unseen("list\u{202e}vsc.exe"), "listvsc.exe");
        assert_eq!(without_unseen("\u{2066}Лён\u{2069} \u{200f}é ש\u{7}"), "Лён é ש");
    }
}
