//! The pairs that share a key, each with the number of its pattern.

use super::compare::{BATCH, patterns};
use super::lists::{Blocks, Met, runs};
use super::numbers::Numbers;
use super::parts::{Map, Parts, mix};

/// A pair of rows and the number of its pattern.
pub(super) type Compared = (u32, u32, u32);

/// All compared pairs, in an order that does not depend on the threads.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Every pattern there is, the first so many ascending.
    pub patterns: Vec<u64>,
    /// How many pairs have each.
    pub counts: Vec<u32>,
    /// Runs of pairs: first those that share another key than a number with check digits.
    runs: Vec<Vec<Compared>>,
    /// How many runs are of those.
    by_other_keys: usize,
}

/// What came of a run of rows: pairs that share another key than a number with check digits, and
/// pairs that share such a number alone.
type Run = (usize, [Vec<Compared>; 2]);

/// What one thread has done: its runs by their places, and its patterns by their numbers.
#[derive(Default)]
struct Share {
    runs: Vec<Run>,
    patterns: Vec<u64>,
    numbers: Numbers,
}

impl Share {
    /// Compares a batch, which is empty then, and puts it to the pairs.
    fn compare(&mut self, parts: &Parts, batch: &mut Vec<(u32, u32)>, pairs: &mut Vec<Compared>) {
        let mut found = [0; BATCH];
        patterns(parts, batch, &mut found);
        let hashes = found.map(mix);
        // Fetched for all before the first is looked for.
        std::hint::black_box(hashes.iter().fold(0, |seen, hash| seen ^ self.numbers.place(*hash)));
        for ((a, b), (pattern, hash)) in batch.drain(..).zip(found.into_iter().zip(hashes)) {
            let new = self.patterns.len() as u32;
            let number = self.numbers.of(hash, new, |at| self.patterns[at as usize] == pattern);
            if number == new {
                self.patterns.push(pattern);
            }
            pairs.push((a, b, number));
        }
    }
}

impl Pairs {
    /// Compares every pair of the blocks once.
    pub fn compared(parts: &Parts, blocks: &Blocks, threads: usize) -> Self {
        let runs = runs(parts.rows, threads);
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || -> Share {
            let (mut share, mut met) = (Share::default(), Met::default());
            let mut batches = [Vec::with_capacity(BATCH), Vec::with_capacity(BATCH)];
            loop {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(run) = runs.get(at) else { return share };
                let mut pairs = [Vec::new(), Vec::new()];
                blocks.each_pair(parts, run.clone(), &mut met, |a, b, block| {
                    let sort = usize::from(block >= blocks.numbers_from);
                    batches[sort].push((a, b));
                    if batches[sort].len() == BATCH {
                        share.compare(parts, &mut batches[sort], &mut pairs[sort]);
                    }
                });
                for (batch, pairs) in batches.iter_mut().zip(&mut pairs) {
                    share.compare(parts, batch, pairs);
                    pairs.shrink_to_fit();
                }
                share.runs.push((at, pairs));
            }
        };
        let shares: Vec<Share> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut shares = vec![work()];
            shares.extend(others.into_iter().map(|work| work.join().unwrap_or_default()));
            shares
        });
        Self::together(shares)
    }

    /// Puts the shares of the threads in one order and under one numbering.
    fn together(shares: Vec<Share>) -> Self {
        let mut patterns: Vec<u64> =
            shares.iter().flat_map(|share| &share.patterns).copied().collect();
        patterns.sort_unstable();
        patterns.dedup();
        let mut counts = vec![0; patterns.len()];
        let mut done = Vec::new();
        for share in shares {
            let numbers: Vec<u32> = share
                .patterns
                .iter()
                .map(|pattern| patterns.binary_search(pattern).unwrap_or(0) as u32)
                .collect();
            for (at, mut pairs) in share.runs {
                for pair in pairs.iter_mut().flatten() {
                    pair.2 = numbers[pair.2 as usize];
                    counts[pair.2 as usize] += 1;
                }
                done.push((at, pairs));
            }
        }
        done.sort_unstable_by_key(|(at, _)| *at);
        let by_other_keys = done.len();
        let (mut runs, of_numbers): (Vec<_>, Vec<_>) =
            done.into_iter().map(|(_, [other, of_number])| (other, of_number)).unzip();
        runs.extend(of_numbers);
        Self { patterns, counts, runs, by_other_keys }
    }

    /// All pairs.
    pub fn all(&self) -> impl Iterator<Item = &Compared> {
        self.runs.iter().flatten()
    }

    /// Those that another key brought together than a number with check digits.
    pub fn by_other_keys(&self) -> impl Iterator<Item = &Compared> {
        self.runs[..self.by_other_keys].iter().flatten()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.runs.iter().map(Vec::len).sum()
    }

    /// Each pattern with how often it occurs.
    pub fn histogram(&self) -> Vec<(u64, u32)> {
        self.patterns.iter().copied().zip(self.counts.iter().copied()).collect()
    }

    /// Gives pairs another pattern where `change` has one for them.
    pub fn change(&mut self, change: impl Fn(u32, u32, u64) -> u64) {
        let mut numbers: Map<u64, u32> = Map::default();
        for pair in self.runs.iter_mut().flatten() {
            let was = self.patterns[pair.2 as usize];
            let now = change(pair.0, pair.1, was);
            if now == was {
                continue;
            }
            self.counts[pair.2 as usize] -= 1;
            pair.2 = *numbers.entry(now).or_insert_with(|| {
                self.patterns.push(now);
                self.counts.push(0);
                self.patterns.len() as u32 - 1
            });
            self.counts[pair.2 as usize] += 1;
        }
    }

    /// Drops pairs that `keep` does not want.
    pub fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        for run in &mut self.runs {
            run.retain(|pair| keep(pair.2));
            run.shrink_to_fit();
        }
    }
}
