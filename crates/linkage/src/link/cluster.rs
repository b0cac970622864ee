//! Groups of rows that do not chain.
//!
//! Pairs are taken from the strongest down. Two groups become one only if no pair across them is
//! ruled out and the pairs across them are, on average, more likely the same than not; pairs that
//! no key brought together are compared then. So a row in the middle that is like both ends does
//! not join two ends that are unlike.
//!
//! Akin to average linkage (Sokal and Michener 1958), strongest pairs first, with pairs that must
//! stay apart as the cannot-links of Wagstaff and Cardie 2000.

use super::compare::is_vetoed;
use super::parts::{Map, Parts};

/// Pairs across two groups that are looked at; the first of each group stand for the rest.
const ACROSS_MAX: usize = 12;
/// By how much the average may stay below the threshold, in log-odds: rows that lack what the
/// others have in common pull it down without speaking against them.
const LENIENCE: f64 = 1.5;
/// Log-odds beyond which one pair's say in the average does not grow.
const SAY_MAX: f64 = 9.0;

/// A pair with its log-odds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub a: u32,
    pub b: u32,
    pub log_odds: f64,
}

/// Strongest first; among equals by the rows.
pub(super) fn sort(edges: &mut [Edge]) {
    edges.sort_unstable_by(|one, other| {
        other.log_odds.total_cmp(&one.log_odds).then(one.a.cmp(&other.a)).then(one.b.cmp(&other.b))
    });
}

/// Rows into groups, by the strongest pairs first.
pub(super) struct Groups<'a> {
    parts: &'a Parts,
    group_of: Vec<u32>,
    members: Vec<Vec<u32>>,
    apart: &'a Map<(u32, u32), bool>,
    /// For each column that vetoes, the valid number of each group.
    numbers: Vec<Vec<Option<u32>>>,
}

impl<'a> Groups<'a> {
    /// Every row by itself; `apart` holds what somebody has decided.
    pub fn new(parts: &'a Parts, apart: &'a Map<(u32, u32), bool>) -> Self {
        let numbers = parts
            .columns
            .iter()
            .filter(|column| column.vetoes)
            .map(|column| (0..parts.rows).map(|row| column.valid(row)).collect())
            .collect();
        Self {
            parts,
            group_of: (0..parts.rows).collect(),
            members: (0..parts.rows).map(|row| vec![row]).collect(),
            apart,
            numbers,
        }
    }

    /// Joins what `edges` (sorted) join; `threshold` and what `score` finds are
    /// log-odds.
    pub fn join(
        &mut self,
        edges: &[Edge],
        threshold: f64,
        score: impl Fn(&[(u32, u32)], &mut Vec<f64>),
    ) {
        let (mut across, mut scores) = (Vec::new(), Vec::new());
        for edge in edges.iter().take_while(|edge| edge.log_odds >= threshold) {
            let (one, other) = (self.group_of[edge.a as usize], self.group_of[edge.b as usize]);
            if one == other || self.is_ruled_out(one, other) {
                continue;
            }
            let (small, large) = {
                let size = |group: u32| self.members[group as usize].len();
                if size(one) < size(other) { (one, other) } else { (other, one) }
            };
            let is_decided = self.apart.contains_key(&(edge.a.min(edge.b), edge.a.max(edge.b)));
            let rows = self.members[small as usize].len() + self.members[large as usize].len();
            if rows > 2 && !is_decided {
                self.across(small, large, &mut across);
                score(&across, &mut scores);
                let sum: f64 = scores.iter().map(|score| score.clamp(-SAY_MAX, SAY_MAX)).sum();
                if sum / f64::max(scores.len() as f64, 1.0) < threshold - LENIENCE {
                    continue;
                }
            }
            self.merge(small, large);
        }
    }

    /// Joins each row with at most one other; gives the log-odds of the pairs joined.
    pub fn join_one_to_one(&mut self, edges: &[Edge], threshold: f64) -> Vec<f64> {
        let mut joined = Vec::new();
        for edge in edges.iter().take_while(|edge| edge.log_odds >= threshold) {
            let (one, other) = (self.group_of[edge.a as usize], self.group_of[edge.b as usize]);
            let single = |group: u32| self.members[group as usize].len() == 1;
            if single(one) && single(other) && !self.is_ruled_out(one, other) {
                self.merge(one, other);
                joined.push(edge.log_odds);
            }
        }
        joined
    }

    fn is_ruled_out(&self, one: u32, other: u32) -> bool {
        let clash = self.numbers.iter().any(|numbers| {
            let (left, right) = (numbers[one as usize], numbers[other as usize]);
            left.is_some() && right.is_some() && left != right
        });
        clash
            || (!self.apart.is_empty()
                && self.members[one as usize].iter().any(|a| {
                    self.members[other as usize]
                        .iter()
                        .any(|b| self.apart.get(&(*a.min(b), *a.max(b))) == Some(&false))
                }))
    }

    /// The pairs across two groups that are looked at.
    fn across(&self, one: u32, other: u32, pairs: &mut Vec<(u32, u32)>) {
        pairs.clear();
        for a in self.members[one as usize].iter().take(ACROSS_MAX) {
            for b in self.members[other as usize].iter().take(ACROSS_MAX) {
                debug_assert!(!is_vetoed(self.parts, *a, *b));
                pairs.push((*a.min(b), *a.max(b)));
            }
        }
    }

    fn merge(&mut self, from: u32, into: u32) {
        let moved = std::mem::take(&mut self.members[from as usize]);
        for row in &moved {
            self.group_of[*row as usize] = into;
        }
        self.members[into as usize].extend(moved);
        for numbers in &mut self.numbers {
            numbers[into as usize] = numbers[into as usize].or(numbers[from as usize]);
        }
    }

    /// The group of each row; numbers mean nothing but sameness.
    pub fn into_groups(self) -> Vec<u32> {
        self.group_of
    }
}
