//! Numbers and dates as people write them.

/// What is said of a figure that was not observed.
pub const NOT_OBSERVED: &str = "not observed";

/// A whole number with commas: 12,345.
pub fn thousands(value: f64) -> String {
    if !value.is_finite() {
        return NOT_OBSERVED.into();
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && digits != "0" { format!("−{text}") } else { text }
}

/// A number with so many decimals, its minus a real one.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return NOT_OBSERVED.into();
    }
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// A share as per cent: 27.3%.
pub fn percent(share: f64, decimals: usize) -> String {
    if share.is_finite() { number(share * 100.0, decimals) + "%" } else { NOT_OBSERVED.into() }
}

/// A number with its sign: +1.2.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    let zero = text.chars().all(|c| c == '0' || c == '.');
    if value > 0.0 && value.is_finite() && !zero { format!("+{text}") } else { text }
}

/// "1 week", "2 weeks", "1,200 weeks".
pub fn count(number: impl Into<f64>, one: &str, many: &str) -> String {
    let number = number.into();
    format!("{} {}", thousands(number), if number == 1.0 { one } else { many })
}

/// Weeks in the unit that people think in.
pub fn span(weeks: u32) -> String {
    match weeks {
        0 => "no weeks".into(),
        weeks if weeks >= 104 && weeks.is_multiple_of(52) => format!("{} years", thousands(f64::from(weeks / 52))),
        52 => "one year".into(),
        weeks if weeks >= 104 => format!("{} years", number(f64::from(weeks) / 52.0, 1)),
        weeks => count(weeks, "week", "weeks"),
    }
}

/// A list in a sentence: a, b and c.
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A text with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(-0.2), "0");
        assert_eq!(percent(0.2731, 1), "27.3%");
        assert_eq!(percent(f64::NAN, 1), NOT_OBSERVED);
        assert_eq!(signed(-0.04, 1), "0.0");
        assert_eq!(signed(-1.26, 1), "−1.3");
        assert_eq!(signed(1.26, 1), "+1.3");
        assert_eq!(count(1, "week", "weeks"), "1 week");
        assert_eq!(span(520), "10 years");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
