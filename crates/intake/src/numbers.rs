//! Numbers, days and times of a spreadsheet as a person sees them.

use calamine::ExcelDateTime;

/// Digits a spreadsheet keeps; what stood behind them is lost.
const DIGITS_KEPT: f64 = 1e15;
/// The day after the last one a spreadsheet knows, 31 December 9999.
const LAST_DAY: f64 = 2_958_466.0;
const DAY_SECONDS: f64 = 86_400.0;

/// A number, and whether digits of it were lost before it came here. A tax number of ten digits is
/// ten digits, whatever width its column has; a code that shows leading noughts keeps them.
pub(crate) fn number(value: f64, code: &str) -> (String, bool) {
    if !value.is_finite() {
        return (String::new(), true);
    }
    if value.fract() == 0.0 && value.abs() < DIGITS_KEPT {
        let digits = format!("{:.0}", value.abs());
        let width = noughts(code);
        let sign = if value < 0.0 { "-" } else { "" };
        return (format!("{sign}{digits:0>width$}"), false);
    }
    if value.abs() >= DIGITS_KEPT {
        // As a spreadsheet shows it, so that nobody takes the noughts at its end for digits.
        return (format!("{value:E}").replacen('E', "E+", 1), true);
    }
    // Fifteen digits, as a spreadsheet keeps them: 0.1 + 0.2 is 0.3 there.
    let whole = value.abs().log10().floor().max(-300.0) as i32;
    let places = usize::try_from(14 - whole).unwrap_or(0).min(300);
    let mut text = format!("{value:.places$}");
    // Without a point the noughts at the end are digits.
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    (text, false)
}

/// How many digits a code such as `0000000000` shows at least.
fn noughts(code: &str) -> usize {
    let first = code.split(';').next().unwrap_or("");
    let is_noughts = !first.is_empty() && first.bytes().all(|byte| byte == b'0');
    if is_noughts { first.len().min(30) } else { 0 }
}

/// A day, with its time where it has one; a time alone where there is no day.
pub(crate) fn day(value: &ExcelDateTime) -> Option<String> {
    let serial = value.as_f64();
    if !(0.0..LAST_DAY).contains(&serial) {
        return None;
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    if serial < 1.0 {
        return Some(time(seconds));
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    Some(if seconds == 0 { day } else { format!("{day} {}", time(seconds)) })
}

/// A time as long as it lasts: `36:15`.
pub(crate) fn span(serial: f64) -> String {
    let seconds = (serial.abs() * DAY_SECONDS).round().min(1e15) as i64;
    let sign = if serial < 0.0 { "-" } else { "" };
    format!("{sign}{}", time(seconds))
}

fn time(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if rest == 0 {
        format!("{hours:02}:{minutes:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_a_person_sees() {
        for (value, code, expected) in [
            (7_714_239_823.0, "General", "7714239823"),
            (79_161_234_567.0, "0.00E+00", "79161234567"),
            (500_100_732_259.0, "", "500100732259"),
            (274_062_111.0, "0000000000", "0274062111"),
            (1_027_700_132_195.0, "0", "1027700132195"),
            (304_500_116_000_157.0, "0", "304500116000157"),
            (0.1 + 0.2, "", "0.3"),
            (12.5, "0.00", "12.5"),
            (-3.0, "", "-3"),
            (0.0, "", "0"),
            (1e-7, "", "0.0000001"),
            (123_456_789_012_340.25, "", "123456789012340"),
        ] {
            assert_eq!(number(value, code), (expected.to_owned(), false), "{value} {code}");
        }
    }

    #[test]
    fn a_number_whose_digits_are_lost_says_so() {
        let (text, is_lost) = number(12_345_678_901_234_567_890.0, "0");
        assert!(is_lost && text.contains("E+"), "{text}");
        assert!(number(f64::NAN, "").1);
    }

    #[test]
    fn days_and_times_are_told_as_on_a_calendar() {
        use calamine::ExcelDateTimeType::DateTime;
        for (serial, is_1904, expected) in [
            (45_658.0, false, Some("2025-01-01")),
            (45_658.75, false, Some("2025-01-01 18:00")),
            (1.0, false, Some("1900-01-01")),
            (61.0, false, Some("1900-03-01")),
            (0.5, false, Some("12:00")),
            (44_196.0, true, Some("2025-01-01")),
            (2_958_465.0, false, Some("9999-12-31")),
            (2_958_467.0, false, None),
            (-1.0, false, None),
            (f64::NAN, false, None),
        ] {
            let value = ExcelDateTime::new(serial, DateTime, is_1904);
            assert_eq!(day(&value).as_deref(), expected, "{serial}");
        }
        assert_eq!(span(1.510_416_666_666_7), "36:15");
    }
}
