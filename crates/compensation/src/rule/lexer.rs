//! The words of a rule, each with its place.

use ledger::{Amount, Currency, Rate};

use super::{Limit, NAME_MAX, Problem, RuleError, TEXT_MAX};
use crate::{Day, Money, Name, Share, Value, value::decimals};

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// A value: a number, an amount, a percentage, a text, a day. Never a boolean.
    Value(Value),
    /// A name or a word of the language.
    Name(Name),
    /// An operator or a bracket, in its one spelling.
    Sign(&'static str),
}

/// Every spelling of every sign, longer ones first, with the one it stands for.
const SIGNS: [(&str, &str); 20] = [
    ("<=", "<="),
    (">=", ">="),
    ("!=", "!="),
    ("<>", "!="),
    ("==", "="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("−", "-"),
    ("×", "*"),
    ("<", "<"),
    (">", ">"),
    ("=", "="),
    ("(", "("),
    (")", ")"),
    (",", ","),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
];

struct Lexer {
    letters: Vec<char>,
    at: usize,
    words: Vec<(usize, Word)>,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Result<Vec<(usize, Word)>, RuleError> {
    let letters: Vec<char> = text.chars().take(TEXT_MAX + 1).collect();
    if letters.len() > TEXT_MAX {
        return Err(RuleError::at(TEXT_MAX, Problem::Limit(Limit::Text)));
    }
    let mut lexer = Lexer { letters, at: 0, words: Vec::new() };
    while lexer.at < lexer.letters.len() {
        lexer.word()?;
    }
    Ok(lexer.words)
}

impl Lexer {
    fn peek(&self, ahead: usize) -> char {
        self.letters.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn word(&mut self) -> Result<(), RuleError> {
        let begun = self.at;
        let word = match self.peek(0) {
            c if c.is_whitespace() => {
                self.at += 1;
                return Ok(());
            }
            '"' => self.quoted()?,
            c if c.is_ascii_digit() => self.number()?,
            c if c.is_ascii_lowercase() || c == '_' => {
                let name = self.run(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                if name.len() > NAME_MAX {
                    return Err(RuleError::at(begun, Problem::Limit(Limit::Name)));
                }
                Word::Name(name.into())
            }
            c if c.is_ascii_uppercase() => return Err(RuleError::at(begun, Problem::NotMoney)),
            c => {
                let rest: String = self.letters[self.at..].iter().take(2).collect();
                let found = SIGNS.iter().find(|(spelling, _)| rest.starts_with(spelling));
                let Some((spelling, sign)) = found else {
                    return Err(RuleError::at(begun, Problem::Character(c)));
                };
                self.at += spelling.chars().count();
                Word::Sign(sign)
            }
        };
        self.words.push((begun, word));
        Ok(())
    }

    fn run(&mut self, fits: impl Fn(char) -> bool) -> String {
        let run: String =
            self.letters[self.at..].iter().copied().take_while(|c| fits(*c)).collect();
        self.at += run.chars().count();
        run
    }

    fn quoted(&mut self) -> Result<Word, RuleError> {
        let begun = self.at;
        let mut text = String::new();
        self.at += 1;
        while self.at < self.letters.len() {
            let letter = self.peek(0);
            self.at += 1;
            match letter {
                '"' => return Ok(Word::Value(Value::Text(text.into()))),
                '\\' if matches!(self.peek(0), '"' | '\\') => {
                    text.push(self.peek(0));
                    self.at += 1;
                }
                '\\' => return Err(RuleError::at(self.at - 1, Problem::Character('\\'))),
                c if c.is_control() => {
                    return Err(RuleError::at(self.at - 1, Problem::Character(c)));
                }
                c => text.push(c),
            }
        }
        Err(RuleError::at(begun, Problem::Unclosed))
    }

    /// A day, or a number with what it counts behind it.
    fn number(&mut self) -> Result<Word, RuleError> {
        let begun = self.at;
        if let Some(word) = self.day(begun)? {
            return Ok(word);
        }
        let whole = self.run(|c| c.is_ascii_digit() || c == '_').replace('_', "");
        let mut decimals = String::new();
        if self.peek(0) == '.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            decimals = self.run(|c| c.is_ascii_digit() || c == '_').replace('_', "");
        }
        let number = || RuleError::at(begun, Problem::Number);
        // The largest whole number has nineteen digits; a percentage has two more of its own.
        if whole.len() + decimals.len() > 19 || decimals.len() > 9 {
            return Err(number());
        }
        let digits: i128 = format!("{whole}{decimals}").parse().map_err(|_| number())?;
        let places = u32::try_from(decimals.len()).map_err(|_| number())?;
        let after = self.at;
        let gap = self.run(char::is_whitespace).chars().count();
        if self.peek(0) == '%' {
            self.at += 1;
            let under = 100 * 10_i64.pow(places);
            let over = i64::try_from(digits).map_err(|_| number())?;
            let rate = Rate::new(over, under).map_err(|_| number())?;
            return Ok(Word::Value(Value::Share(Share(rate))));
        }
        if gap > 0 && self.peek(0).is_ascii_uppercase() {
            return self.money(begun, digits, places);
        }
        self.at = after;
        if places > 0 {
            return Err(number());
        }
        i64::try_from(digits).map(|whole| Word::Value(Value::Whole(whole))).map_err(|_| number())
    }

    fn money(&mut self, begun: usize, digits: i128, places: u32) -> Result<Word, RuleError> {
        let code_at = self.at;
        let code = self.run(|c| c.is_ascii_alphanumeric());
        let currency =
            Currency::new(&code).map_err(|_| RuleError::at(code_at, Problem::NotMoney))?;
        let missing = decimals(currency).checked_sub(places);
        let minor = missing.and_then(|missing| digits.checked_mul(10_i128.pow(missing)));
        let minor = minor.and_then(|minor| i64::try_from(minor).ok());
        let minor = minor.ok_or(RuleError::at(begun, Problem::Number))?;
        Ok(Word::Value(Value::Money(Money(Amount::new(minor, currency)))))
    }

    /// Four digits, two, and two, with hyphens between and no further one behind.
    fn day(&mut self, begun: usize) -> Result<Option<Word>, RuleError> {
        let is_day = (0..10).all(|place| match place {
            4 | 7 => self.peek(place) == '-',
            _ => self.peek(place).is_ascii_digit(),
        });
        if !is_day || self.peek(10).is_ascii_digit() {
            return Ok(None);
        }
        let text: String = self.letters[self.at..self.at + 10].iter().collect();
        let day: Day = text.parse().map_err(|_| RuleError::at(begun, Problem::NotADay))?;
        self.at += 10;
        Ok(Some(Word::Value(Value::Day(day))))
    }
}
