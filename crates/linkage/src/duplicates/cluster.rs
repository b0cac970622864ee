//! Grouping matches without chaining.
//!
//! From the surest pair downwards two groups become one only if no veto and no decision stands
//! between any two of their members, together they hold at most one valid tax id and, where those
//! are told apart, one branch of it, and the pairs across are on average worth a match. So A like B
//! and B like C does not join A and C when these two have nothing in common.
//!
//! Akin to average linkage (Sokal and Michener 1958), surest pairs first, with vetoes and decisions
//! as the cannot-links of Wagstaff and Cardie 2000.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use super::index::Index;
use super::keys::Prepared;
use super::{Strength, weigh};
use crate::normalise::{Kpp, TaxId};

/// Records that stand for the same organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Their ids in rising order, at least two.
    pub members: Vec<u64>,
}

/// The mean weight across two groups below which they stay apart, in hundredths of a bit.
const MEAN_WEIGHT_MIN: i64 = 500;
/// Pairs across two groups that are looked at; of more, an even sample.
const PAIRS_ACROSS_MAX: usize = 400;

struct Group<'a> {
    /// In order of their ids.
    members: Vec<&'a Prepared>,
    tax_ids: BTreeSet<TaxId>,
    /// Branches that are told apart.
    branches: BTreeSet<(TaxId, Kpp)>,
}

impl Index {
    /// Groups all records held, by matches of at least this strength. The clusters come in order
    /// of their smallest id; a record without a partner stands in none.
    #[must_use]
    pub fn clusters(&self, least: Strength) -> Vec<Cluster> {
        let mut held: Vec<&Prepared> = self.records.iter().flatten().collect();
        held.sort_by_key(|record| record.id);
        let place_of: HashMap<u64, usize> =
            held.iter().enumerate().map(|(place, record)| (record.id, place)).collect();
        let mut groups: Vec<Option<Group<'_>>> =
            held.iter().map(|record| Some(alone(record))).collect();
        // The group each record is in now, by the place of the record that group began with.
        let mut group_of: Vec<usize> = (0..held.len()).collect();
        for (a, b) in self.edges(&held, least) {
            let (Some(a), Some(b)) = (place_of.get(&a), place_of.get(&b)) else { continue };
            let (a, b) = (group_of[*a], group_of[*b]);
            if a == b {
                continue;
            }
            let (Some(left), Some(right)) = (&groups[a], &groups[b]) else { continue };
            if !self.may_join(left, right) {
                continue;
            }
            let joined = join(left, right);
            for member in &joined.members {
                group_of[place_of[&member.id]] = a;
            }
            groups[a] = Some(joined);
            groups[b] = None;
        }
        let mut clusters: Vec<Cluster> = groups
            .iter()
            .flatten()
            .filter(|group| group.members.len() > 1)
            .map(|group| Cluster { members: group.members.iter().map(|one| one.id).collect() })
            .collect();
        clusters.sort_by_key(|cluster| cluster.members[0]);
        clusters
    }

    /// All matches of at least this strength, each once, the surest first.
    fn edges(&self, held: &[&Prepared], least: Strength) -> Vec<(u64, u64)> {
        let mut edges: Vec<(Reverse<Strength>, Reverse<i32>, u64, u64)> = Vec::new();
        for record in held {
            for found in self.find_prepared(record) {
                if found.a < found.b && found.strength >= least {
                    edges.push((Reverse(found.strength), Reverse(found.weight), found.a, found.b));
                }
            }
        }
        edges.sort_unstable();
        edges.into_iter().map(|(_, _, a, b)| (a, b)).collect()
    }

    fn may_join(&self, left: &Group<'_>, right: &Group<'_>) -> bool {
        if left.tax_ids.union(&right.tax_ids).count() > 1
            || left.branches.union(&right.branches).count() > 1
        {
            return false;
        }
        let decided = left
            .members
            .iter()
            .any(|one| right.members.iter().any(|other| self.are_kept_apart(one.id, other.id)));
        if decided {
            return false;
        }
        let across = left.members.len() * right.members.len();
        let step = across.div_ceil(PAIRS_ACROSS_MAX);
        let (mut sum, mut count) = (0_i64, 0_i64);
        for pair in (0..across).step_by(step) {
            let one = left.members[pair / right.members.len()];
            let other = right.members[pair % right.members.len()];
            let Some(weight) = weigh::weight(&self.compare_prepared(one, other)) else {
                return false;
            };
            sum += i64::from(weight);
            count += 1;
        }
        sum >= MEAN_WEIGHT_MIN * count
    }
}

fn alone(record: &Prepared) -> Group<'_> {
    let tax_id = record.tax_id.filter(|_| !record.tax_id_repaired);
    let branches = tax_id.zip(record.branch).into_iter().collect();
    Group { members: vec![record], tax_ids: tax_id.into_iter().collect(), branches }
}

fn join<'a>(left: &Group<'a>, right: &Group<'a>) -> Group<'a> {
    let mut members: Vec<&Prepared> = left.members.iter().chain(&right.members).copied().collect();
    members.sort_by_key(|member| member.id);
    let tax_ids = left.tax_ids.union(&right.tax_ids).copied().collect();
    let branches = left.branches.union(&right.branches).copied().collect();
    Group { members, tax_ids, branches }
}
