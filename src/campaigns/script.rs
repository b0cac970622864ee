//! What callers say, in a markup of one sign per line.
//!
//! `# heading`, `= branch` that the talk may take, `> words to say`, `[ ] checkpoint`,
//! `? objection` with its answer on the lines below; other lines are hints. `{contact}`,
//! `{company}` and `{me}` stand for names.

use super::Script;
use crate::values::Fields;

/// The longest script.
pub const SCRIPT_CHARS_MAX: usize = 20_000;
/// Checkpoints of a script: more are not ticked by anybody.
pub const CHECKPOINTS_MAX: usize = 8;
/// Branches of a script: each has a key.
pub const BRANCHES_MAX: usize = 6;

/// One part of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A way the talk may take: its number from 1, and what it is called by.
    Branch(usize, String),
    /// Words to say.
    Say(String),
    /// A hint for the caller.
    Hint(String),
    /// Something to have done: its number from 1, and its text.
    Checkpoint(usize, String),
    /// What they may object, and what to answer.
    Objection(String, String),
}

/// Reads a script into its parts.
pub fn read(body: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut checkpoints, mut branches) = (0, 0);
    let mut is_answering = false;
    for line in body.lines().map(str::trim) {
        if line.is_empty() {
            is_answering = false;
            continue;
        }
        let starts = |sign: &str| line.strip_prefix(sign).map(|rest| rest.trim().to_owned());
        let block = if let Some(text) = starts("#") {
            Block::Heading(text.trim_start_matches('#').trim().to_owned())
        } else if let Some(text) = starts("=") {
            branches += 1;
            Block::Branch(branches, text.trim_matches('=').trim().to_owned())
        } else if let Some(text) = starts("[ ]") {
            checkpoints += 1;
            Block::Checkpoint(checkpoints, text)
        } else if let Some(text) = starts("?") {
            is_answering = true;
            blocks.push(Block::Objection(text, String::new()));
            continue;
        } else if is_answering && let Some(Block::Objection(_, answer)) = blocks.last_mut() {
            if !answer.is_empty() {
                answer.push('\n');
            }
            answer.push_str(line.trim_start_matches('>').trim());
            continue;
        } else if let Some(text) = starts(">") {
            Block::Say(text)
        } else {
            Block::Hint(line.to_owned())
        };
        is_answering = false;
        blocks.push(block);
    }
    blocks
}

/// The branches of a script, in the order of their numbers.
pub fn branches(body: &str) -> Vec<String> {
    let named = |block| match block {
        Block::Branch(_, name) => Some(name),
        _ => None,
    };
    read(body).into_iter().filter_map(named).collect()
}

fn count_checkpoints(body: &str) -> usize {
    read(body).iter().filter(|block| matches!(block, Block::Checkpoint(..))).count()
}

impl Script {
    /// True where it has a branch of that number, from 1.
    pub fn has_branch(&self, number: i64) -> bool {
        usize::try_from(number)
            .is_ok_and(|number| (1..=branches(&self.body).len()).contains(&number))
    }
    /// How many checkpoints it has: their numbers go from 1 to that.
    pub fn count_checkpoints(&self) -> usize {
        count_checkpoints(&self.body)
    }
}

/// What is wrong with a script.
pub fn check(body: &str) -> Fields {
    let mut fields = Fields::default();
    let count = body.chars().count();
    if body.trim().is_empty() {
        fields.note("script", "required");
    } else if count > SCRIPT_CHARS_MAX {
        fields.note_with("script", "too-long", vec![("max", SCRIPT_CHARS_MAX.to_string())]);
    }
    if count_checkpoints(body) > CHECKPOINTS_MAX {
        let max = vec![("max", CHECKPOINTS_MAX.to_string())];
        fields.note_with("script", "too-many-checkpoints", max);
    }
    if branches(body).len() > BRANCHES_MAX {
        let max = vec![("max", BRANCHES_MAX.to_string())];
        fields.note_with("script", "too-many-branches", max);
    }
    fields
}

/// A text with names in their places.
pub fn spoken(text: &str, contact: Option<&str>, company: &str, me: &str) -> String {
    let text = match contact {
        Some(contact) => text.replace("{contact}", contact),
        None => text.replace(", {contact}", "").replace("{contact}", "…"),
    };
    text.replace("{company}", company).replace("{me}", me)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read_line_by_line() {
        let body = "# Начало\n> Добрый день, {contact}!\nулыбнитесь\n[ ] Назвал компанию\n\
                    ? Дорого\n> Сравните с простоем.\nПриведите пример.\n\n> Когда удобно?";
        let expected = vec![
            Block::Heading("Начало".to_owned()),
            Block::Say("Добрый день, {contact}!".to_owned()),
            Block::Hint("улыбнитесь".to_owned()),
            Block::Checkpoint(1, "Назвал компанию".to_owned()),
            Block::Objection(
                "Дорого".to_owned(),
                "Сравните с простоем.\nПриведите пример.".to_owned(),
            ),
            Block::Say("Когда удобно?".to_owned()),
        ];
        assert_eq!(read(body), expected);
        assert_eq!(spoken("{me} → {company}", None, "Лён", "Анна"), "Анна → Лён");
        let hello = "Добрый день, {contact}!";
        assert_eq!(spoken(hello, Some("Пётр"), "", ""), "Добрый день, Пётр!");
        assert_eq!(spoken(hello, None, "", ""), "Добрый день!");
    }

    #[test]
    fn a_branch_has_a_number_and_a_name() {
        let body = "> Добрый день\n= Через цену\n> Сравните\n== Через сроки ==\n> Успеем";
        assert_eq!(branches(body), ["Через цену", "Через сроки"]);
        assert_eq!(read(body)[1], Block::Branch(1, "Через цену".to_owned()));
    }

    #[test]
    fn a_script_is_neither_empty_nor_endless() {
        for (body, is_right) in [
            ("> Добрый день", true),
            (" \n ", false),
            (&"[ ] ещё\n".repeat(CHECKPOINTS_MAX), true),
            (&"[ ] ещё\n".repeat(CHECKPOINTS_MAX + 1), false),
            (&"= Цена\n".repeat(BRANCHES_MAX), true),
            (&"= Цена\n".repeat(BRANCHES_MAX + 1), false),
            (&"о".repeat(SCRIPT_CHARS_MAX + 1), false),
        ] {
            assert_eq!(check(body).0.is_empty(), is_right, "{} characters", body.len());
        }
    }
}
