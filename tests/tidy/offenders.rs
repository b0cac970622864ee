//! Who breaks a rule today, with the measure. The list may only shrink.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use super::source::root;

const LIST: &str = "tests/tidy/offenders.txt";

/// One after another, for `UPDATE=1` rewrites the file.
static TURN: Mutex<()> = Mutex::new(());

/// What breaks one rule: by place, how much, and the sentence to say.
#[derive(Default)]
pub struct Found(BTreeMap<String, (usize, String)>);

impl Found {
    /// Notes an offence; several at one place add up.
    pub fn note(&mut self, place: impl Into<String>, measure: usize, sentence: impl Into<String>) {
        let sentence = sentence.into();
        let entry = self.0.entry(place.into()).or_insert((0, String::new()));
        entry.0 += measure;
        if !entry.1.is_empty() {
            entry.1.push_str("\n    ");
        }
        entry.1.push_str(&sentence);
    }

    /// Compares with the list: a new offence, a larger one and a line that is not true fail.
    pub fn judge(self, rule: &str) {
        let _turn = TURN.lock();
        let text = fs::read_to_string(root().join(LIST)).expect("the list of offenders is read");
        let listed: BTreeMap<&str, usize> = text
            .lines()
            .filter_map(|line| line.strip_prefix(rule)?.strip_prefix(' '))
            .filter_map(|line| line.rsplit_once(' '))
            .map(|(place, measure)| (place, measure.parse().expect("a line ends in a number")))
            .collect();
        let mut problems = Vec::new();
        for (place, (measure, sentence)) in &self.0 {
            match listed.get(place.as_str()) {
                None => problems.push(format!("{place}\n    {sentence}")),
                Some(allowed) if measure > allowed => {
                    problems.push(format!("{place}: {measure}, was {allowed}\n    {sentence}"));
                }
                Some(_) => {}
            }
        }
        let is_update = std::env::var_os("UPDATE").is_some();
        for (place, allowed) in &listed {
            let now = self.0.get(*place).map_or(0, |(measure, _)| *measure);
            if now < *allowed && !is_update {
                problems.push(format!(
                    "{place} has mended to {now} from {allowed}; UPDATE=1 lowers its line"
                ));
            }
        }
        if is_update {
            rewrite(rule, &text, &self.0);
        }
        let count = problems.len();
        assert!(problems.is_empty(), "{rule}: {count} to mend\n  {}", problems.join("\n  "));
    }
}

/// Strikes and lowers the lines of a rule; adds none.
fn rewrite(rule: &str, text: &str, found: &BTreeMap<String, (usize, String)>) {
    let lines = text.lines().filter_map(|line| {
        let Some(rest) = line.strip_prefix(rule).and_then(|r| r.strip_prefix(' ')) else {
            return Some(line.to_owned());
        };
        let (place, allowed) = rest.rsplit_once(' ')?;
        let now = found.get(place)?.0.min(allowed.parse().ok()?);
        Some(format!("{rule} {place} {now}"))
    });
    let kept: String = lines.map(|line| line + "\n").collect();
    fs::write(root().join(LIST), kept).expect("the list of offenders is written");
}
