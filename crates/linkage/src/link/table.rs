//! Rows that came in, as they were typed.

/// Rows to be linked, cell by cell: a cell for each field, row after row. Cells are as they were
/// typed; an empty one is unknown. Kept in one text, since a list of millions of cells is mostly
/// short ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    text: String,
    /// Where each cell ends.
    ends: Vec<usize>,
}

impl Table {
    /// One more cell behind the last.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
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
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
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

    /// Makes room for all cells of some tables.
    pub(super) fn reserve(&mut self, tables: &[Self]) {
        self.text.reserve_exact(tables.iter().map(|table| table.text.len()).sum());
        self.ends.reserve_exact(tables.iter().map(Self::len).sum());
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
