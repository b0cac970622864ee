//! Rows that came in, as they were typed.

/// Rows to be linked, cell by cell: a cell for each field, row after row. Cells are as they were
/// typed; an empty one is unknown. Kept in one text, since a list of millions of cells is mostly
/// short ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    text: String,
    /// Where each cell ends, counted from the beginning of its run of cells.
    ends: Vec<u32>,
    /// Where each run of [`RUN`] cells begins.
    runs: Vec<usize>,
}

/// Cells of which it is known from where on they stand in the text; few enough that what ends
/// within four gigabytes of it are all of them.
const RUN: usize = 64;

impl Table {
    /// One more cell behind the last.
    pub fn push(&mut self, cell: &str) {
        if self.ends.len().is_multiple_of(RUN) {
            self.runs.push(self.text.len());
        }
        self.text.push_str(cell);
        let from = self.runs.last().copied().unwrap_or(0);
        self.ends.push((self.text.len() - from) as u32);
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A cell by its place, that is `row * fields + field`.
    ///
    /// # Panics
    ///
    /// Where there are not so many.
    #[must_use]
    #[inline]
    pub fn cell(&self, at: usize) -> &str {
        let from = self.runs[at / RUN];
        let start = if at.is_multiple_of(RUN) { 0 } else { self.ends[at - 1] as usize };
        &self.text[from + start..from + self.ends[at] as usize]
    }

    /// All cells in their order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.cell(at))
    }

    /// How many whole rows of so many fields there are.
    #[must_use]
    pub fn rows(&self, fields: usize) -> usize {
        self.len().checked_div(fields).unwrap_or(0)
    }

    /// Gives room back.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.runs.shrink_to_fit();
    }

    /// The cells of a row of so many fields.
    pub(super) fn row(&self, row: usize, fields: usize) -> impl Iterator<Item = &str> {
        (row * fields..(row + 1) * fields).map(|at| self.cell(at))
    }
}

impl<S: AsRef<str>> Extend<S> for Table {
    fn extend<I: IntoIterator<Item = S>>(&mut self, cells: I) {
        cells.into_iter().for_each(|cell| self.push(cell.as_ref()));
    }
}

impl<S: AsRef<str>> FromIterator<S> for Table {
    fn from_iter<I: IntoIterator<Item = S>>(cells: I) -> Self {
        let mut table = Self::default();
        table.extend(cells);
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_found_again() {
        let cells: Vec<String> = (0..1_000).map(|number| "я".repeat(number % 7)).collect();
        let table: Table = cells.iter().collect();
        assert!(table.cells().eq(cells.iter().map(String::as_str)));
        assert_eq!(table.rows(7), 142);
        assert!(table.row(141, 7).eq(cells[987..994].iter().map(String::as_str)));
        assert_eq!(Table::default().rows(7), 0);
    }
}
