//! Blocks put together: lists of rows that are compared each with each, and for each row its lists.

use super::parts::Parts;

/// Lists of rows, one behind the other.
#[derive(Debug)]
pub(super) struct Lists {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Default for Lists {
    fn default() -> Self {
        Self { starts: vec![0], members: Vec::new() }
    }
}

impl Lists {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The rows of one.
    pub fn of(&self, list: usize) -> &[u32] {
        &self.members[self.starts[list] as usize..self.starts[list + 1] as usize]
    }

    /// One more, if any two of its rows (ascending) may meet.
    pub fn push(&mut self, parts: &Parts, rows: &[u32]) {
        let crosses = parts.first.is_none_or(|first| {
            rows.first().is_some_and(|row| *row < first)
                && rows.last().is_some_and(|row| *row >= first)
        });
        if rows.len() > 1 && crosses {
            self.members.extend_from_slice(rows);
            self.starts.push(self.members.len() as u32);
        }
    }

    /// Gives room back.
    pub fn shrink(&mut self) {
        self.members.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    /// Puts others behind.
    pub fn extend(&mut self, others: Vec<Self>) {
        self.members.reserve_exact(others.iter().map(|other| other.members.len()).sum());
        self.starts.reserve_exact(others.iter().map(Self::len).sum());
        for other in others {
            let before = self.members.len() as u32;
            self.members.extend(other.members);
            self.starts.extend(other.starts.iter().skip(1).map(|start| before + start));
        }
    }

    /// Drops every list that says what an earlier one does; `rows` are all there are. Answers which
    /// lists were kept.
    pub fn drop_repeats(&mut self, rows: u32) -> Vec<bool> {
        let mut firsts = vec![0_u32; rows as usize + 2];
        for list in 0..self.len() {
            firsts[self.of(list)[0] as usize + 2] += 1;
        }
        for at in 1..firsts.len() {
            firsts[at] += firsts[at - 1];
        }
        let mut by_first = vec![0_u32; self.len()];
        for list in 0..self.len() {
            let place = &mut firsts[self.of(list)[0] as usize + 1];
            by_first[*place as usize] = list as u32;
            *place += 1;
        }
        let mut kept = vec![true; self.len()];
        let mut different: Vec<u32> = Vec::new();
        for bounds in firsts[..=rows as usize].windows(2) {
            different.clear();
            for list in &by_first[bounds[0] as usize..bounds[1] as usize] {
                let rows = self.of(*list as usize);
                if different.iter().any(|other| self.of(*other as usize) == rows) {
                    kept[*list as usize] = false;
                } else {
                    different.push(*list);
                }
            }
        }
        self.keep(&kept);
        kept
    }

    /// Keeps the marked ones alone.
    fn keep(&mut self, kept: &[bool]) {
        let (mut lists, mut members) = (0, 0);
        for (list, is_kept) in kept.iter().enumerate() {
            let (from, to) = (self.starts[list] as usize, self.starts[list + 1] as usize);
            if *is_kept {
                self.members.copy_within(from..to, members);
                members += to - from;
                lists += 1;
                self.starts[lists] = members as u32;
            }
        }
        self.members.truncate(members);
        self.starts.truncate(lists + 1);
        self.shrink();
    }
}

/// Blocks, and what did not fit.
#[derive(Default, Debug)]
pub(super) struct Blocks {
    /// The rows of each.
    pub lists: Lists,
    row_starts: Vec<u32>,
    row_blocks: Vec<u32>,
    /// From this block on, blocks are of numbers with check digits.
    pub numbers_from: u32,
    /// Blocks of more rows than the cap, which were parted.
    pub crowded: u64,
    /// Pairs in parted blocks that no finer key brought together.
    pub narrowed: u64,
}

impl Blocks {
    /// Drops blocks that say what an earlier one does, and finds for each row its blocks,
    /// ascending.
    pub fn index(&mut self, rows: u32) {
        let kept = self.lists.drop_repeats(rows);
        let before = kept[..self.numbers_from as usize].iter().filter(|is_kept| **is_kept);
        self.numbers_from = before.count() as u32;
        drop(kept);
        let mut starts = vec![0_u32; rows as usize + 2];
        for row in &self.lists.members {
            starts[*row as usize + 2] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut row_blocks = vec![0_u32; self.lists.members.len()];
        for block in 0..self.lists.len() {
            for row in self.lists.of(block) {
                let place = &mut starts[*row as usize + 1];
                row_blocks[*place as usize] = block as u32;
                *place += 1;
            }
        }
        starts.pop();
        self.row_starts = starts;
        self.row_blocks = row_blocks;
    }

    fn of_row(&self, row: u32) -> &[u32] {
        let row = row as usize;
        &self.row_blocks[self.row_starts[row] as usize..self.row_starts[row + 1] as usize]
    }

    /// Finds where the blocks of a row stand and looks at the last of each, where going through it
    /// begins: a processor waits for many distant cells of memory at once as long as for one.
    fn fetch(&self, row: u32, met: &mut Met) {
        let (starts, members) = (&self.lists.starts, &self.lists.members);
        let bounds =
            |block: &u32| starts[*block as usize] as usize..starts[*block as usize + 1] as usize;
        met.members.clear();
        met.members.extend(self.of_row(row).iter().map(bounds));
        std::hint::black_box(met.members.iter().fold(0, |seen, at| seen ^ members[at.end - 1]));
    }

    /// Whether two rows share a block.
    pub fn meet(&self, a: u32, b: u32) -> bool {
        first_shared(self.of_row(a), self.of_row(b)) != u32::MAX
    }

    /// Hands out every pair that shares a block once, with the first block of it; `a < b`, and `a`
    /// is one of `rows`.
    pub fn each_pair(
        &self,
        parts: &Parts,
        rows: std::ops::Range<u32>,
        met: &mut Met,
        mut with: impl FnMut(u32, u32, u32),
    ) {
        met.last.resize(parts.rows as usize, u32::MAX);
        for a in rows {
            self.fetch(a, met);
            for (block, members) in self.of_row(a).iter().zip(&met.members) {
                let members = self.lists.members[members.clone()].iter().rev();
                for b in members.copied().take_while(|b| *b > a) {
                    let last = &mut met.last[b as usize];
                    if *last != a && parts.may_meet(a, b) {
                        *last = a;
                        with(a, b, *block);
                    }
                }
            }
        }
    }
}

/// Room for pairs to be found in.
#[derive(Default)]
pub(super) struct Met {
    /// For each row the last one that it met.
    last: Vec<u32>,
    /// Where the rows of each block stand that a row is in.
    members: Vec<std::ops::Range<usize>>,
}

/// Runs of so many rows, for `threads` to share: small enough that none waits for another.
pub(super) fn runs(rows: u32, threads: usize) -> Vec<std::ops::Range<u32>> {
    let length = rows.div_ceil(threads as u32 * 32).max(64);
    (0..rows).step_by(length as usize).map(|from| from..rows.min(from + length)).collect()
}

/// The first number that two ascending lists have in common; the greatest there is for none.
fn first_shared(one: &[u32], other: &[u32]) -> u32 {
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        match one[i].cmp(&other[j]) {
            std::cmp::Ordering::Equal => return one[i],
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    u32::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_say_the_same_are_kept_once() {
        let mut lists = Lists::default();
        for rows in [&[1, 2][..], &[0, 3, 4], &[1, 2, 3], &[1, 2], &[0, 3, 4], &[0, 3]] {
            lists.members.extend_from_slice(rows);
            lists.starts.push(lists.members.len() as u32);
        }
        let kept = lists.drop_repeats(5);
        assert_eq!(kept, [true, true, true, false, false, true]);
        let left: Vec<&[u32]> = (0..lists.len()).map(|list| lists.of(list)).collect();
        assert_eq!(left, [&[1, 2][..], &[0, 3, 4], &[1, 2, 3], &[0, 3]]);
    }
}
