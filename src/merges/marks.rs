//! Two texts side by side, with the parts marked in which they differ.

/// A piece of a text, and whether the other text has it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The piece.
    pub text: String,
    /// True where the other text differs.
    pub differs: bool,
}

/// Texts longer than this are compared by words rather than by letters.
const LETTERS_MAX: usize = 40;

/// Both texts cut into pieces that agree and pieces that differ. What they have in common is found
/// by their longest common subsequence, of letters in short texts that nearly agree and else of
/// words; case and ё do not matter.
pub fn mark(left: &str, right: &str) -> (Vec<Piece>, Vec<Piece>) {
    let longest = left.chars().count().max(right.chars().count());
    if longest <= LETTERS_MAX {
        let (one, other) = (units(left, true), units(right, true));
        let (in_left, in_right) = agreement(&one, &other);
        // Of two texts that hardly agree single letters would be marked here and there.
        if in_left.iter().filter(|is_there| **is_there).count() * 5 >= longest * 4 {
            return (pieces(&one, &in_left), pieces(&other, &in_right));
        }
    }
    let (one, other) = (units(left, false), units(right, false));
    let (in_left, in_right) = agreement(&one, &other);
    (pieces(&one, &in_left), pieces(&other, &in_right))
}

fn units(text: &str, by_letter: bool) -> Vec<&str> {
    let mut cuts: Vec<usize> = Vec::new();
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let goes_on = before.is_some_and(|b| b.is_alphanumeric() && c.is_alphanumeric());
        if by_letter || !goes_on {
            cuts.push(at);
        }
        before = Some(c);
    }
    let ends = cuts.iter().skip(1).copied().chain([text.len()]);
    cuts.iter().zip(ends).map(|(from, until)| &text[*from..until]).collect()
}

fn fold(unit: &str) -> String {
    unit.to_lowercase().replace('ё', "е")
}

/// For each unit of both whether the other has it, in the same order.
fn agreement(one: &[&str], other: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let one: Vec<String> = one.iter().map(|unit| fold(unit)).collect();
    let other: Vec<String> = other.iter().map(|unit| fold(unit)).collect();
    let width = other.len() + 1;
    // How many units the rests have in common, from each place on.
    let mut table = vec![0_u32; (one.len() + 1) * width];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            table[i * width + j] = if one[i] == other[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut left, mut right) = (vec![false; one.len()], vec![false; other.len()]);
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        if one[i] == other[j] {
            (left[i], right[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (left, right)
}

fn pieces(units: &[&str], is_common: &[bool]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (unit, is_common) in units.iter().zip(is_common) {
        match pieces.last_mut() {
            Some(last) if last.differs != *is_common => last.text.push_str(unit),
            _ => pieces.push(Piece { text: (*unit).to_owned(), differs: !is_common }),
        }
    }
    pieces
}
