//! What people write where there is nothing.

/// The longest of [`NOTHING`], in bytes.
const LONGEST: usize = 48;
/// Words for nothing, in lower case.
const NOTHING: [&str; 31] = [
    "нет",
    "н/д",
    "н.д",
    "n/a",
    "n.a",
    "null",
    "nan",
    "none",
    "пусто",
    "отсутствует",
    "отсутствуют",
    "не указан",
    "не указана",
    "не указано",
    "не указаны",
    "не задано",
    "не заполнено",
    "не определено",
    "неизвестно",
    "не известно",
    "нет информации",
    "нет данных",
    "нет сведений",
    "информация отсутствует",
    "данные отсутствуют",
    "сведения отсутствуют",
    "no data",
    "no information",
    "not available",
    "not specified",
    "unknown",
];

/// True for a text that stands where nothing is known.
pub(super) fn is_unsaid(text: &str) -> bool {
    let around = |c: char| c.is_whitespace() || "().,[]<>\"'«»".contains(c);
    let text = text.trim_matches(around);
    if text.len() > LONGEST {
        return false;
    }
    text.chars().all(|c| "-—–_?/".contains(c)) || NOTHING.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_no_value_and_names_are() {
        for text in ["-", "—", " н/д ", "Нет информации", "НЕТ ДАННЫХ.", "(n/a)", "N.A.", ""]
        {
            assert!(is_unsaid(text), "{text:?}");
        }
        for text in ["Нет проблем", "ООО «Нет»", "Лён", "0", "нет информации о складе"]
        {
            assert!(!is_unsaid(text), "{text:?}");
        }
    }
}
