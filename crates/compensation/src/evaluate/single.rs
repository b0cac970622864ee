//! Paid things that stand by themselves: an event, or a subject however often it is told.

use crate::hash::Map;

use ledger::Amount;

use super::bucket::{About, Came, Payer};
use super::caps::{Belongs, Both, Caps};
use super::gates::{Passage, Passages, pass};
use super::pay::{Counted, Run};
use super::units::Unit;
use crate::check::Published;
use crate::credit::{Input, LeftOut, Of, State, Tranche, Unpaid, Why};
use crate::exact::Exact;
use crate::history::Happening;
use crate::plan::{Component, Once};
use crate::share::weights;
use crate::{Name, Share};

/// Parts of an amount by weights; they sum to it.
pub(super) fn split(whole: i64, weights: &[u64], published: &Published) -> Vec<i64> {
    let amount = Amount::new(whole, published.plan().currency);
    let parts = ledger::split(amount, weights);
    // All weights are nought where nobody is left to share: then nobody gets anything.
    parts.map_or_else(|_| vec![0; weights.len()], |parts| parts.iter().map(|p| p.minor).collect())
}

/// Parts of what caps left of a sum of parts: the first are served first.
fn served(parts: &[i64], left: i64) -> Vec<i64> {
    let mut rest = left;
    let serve = |part: &i64| {
        let got = if rest < 0 { (*part).clamp(rest, 0) } else { (*part).clamp(0, rest) };
        rest -= got;
        got
    };
    parts.iter().map(serve).collect()
}

/// What became of the parts of an amount.
struct Served {
    posted: i64,
    open: i64,
    tranches: Vec<i64>,
}

/// What caps left, given to the parts that are not lost.
fn serve(passages: &Passages, parts: [&[i64]; 2], left: Both) -> Served {
    let alive = |parts: &[i64]| -> Vec<i64> {
        let lives = |passage: &Passage| matches!(passage.state, State::Released | State::Open);
        let pairs = passages.all.iter().zip(parts);
        pairs.map(|(passage, part)| if lives(passage) { *part } else { 0 }).collect()
    };
    let released = served(&alive(parts[0]), left.posted);
    let pairs = passages.all.iter().zip(&released);
    let posted = pairs.filter(|(passage, _)| passage.state == State::Released).map(|(_, p)| p);
    let posted = posted.sum();
    Served { posted, open: left.open, tranches: served(&alive(parts[1]), left.open) }
}

/// The sum of the parts that are not lost.
fn living(passages: &Passages, parts: &[i64]) -> i64 {
    let pairs = passages.all.iter().zip(parts);
    let alive = pairs.filter(|(passage, _)| matches!(passage.state, State::Released | State::Open));
    alive.map(|(_, part)| part).sum()
}

impl<'a> Payer<'a, '_> {
    /// Credits of a component whose paid things stand by themselves.
    pub(super) fn singles(&mut self, index: usize, units: &'a [Unit]) {
        let component = self.component(index);
        let mut caps = Caps::default();
        if component.once == Once::Event {
            for unit in units {
                self.single(index, unit, Vec::new(), &mut caps);
            }
            return;
        }
        for (chosen, others) in self.told_together(component, units) {
            let left_out = others.into_iter().map(|unit| self.left_out(unit)).collect();
            self.single(index, chosen, left_out, &mut caps);
        }
    }

    fn left_out(&self, unit: &Unit) -> LeftOut {
        let event = self.around.history.news[unit.news].event.id.clone();
        LeftOut { event, why: unit.measure.clone().err().unwrap_or(Unpaid::Nothing) }
    }

    /// Units of one subject together: the one that counts, or the first, with all others; in the
    /// order of those that count.
    fn told_together(
        &self,
        component: &Component,
        units: &'a [Unit],
    ) -> Vec<(&'a Unit, Vec<&'a Unit>)> {
        let news = &self.around.history.news;
        let mut places: Map<(&str, &str), usize> = Map::default();
        let mut found: Vec<(&Unit, Vec<&Unit>)> = Vec::new();
        for unit in units {
            let event = news[unit.news].event;
            let month = match component.once {
                Once::SubjectInMonth => event.labels.month.as_str(),
                Once::Event | Once::Subject => "",
            };
            let place = *places.entry((&event.subject, month)).or_insert(found.len());
            match found.get_mut(place) {
                None => found.push((unit, Vec::new())),
                Some((chosen, others)) if chosen.measure.is_err() && unit.measure.is_ok() => {
                    others.push(chosen);
                    *chosen = unit;
                }
                Some((_, others)) => others.push(unit),
            }
        }
        found.sort_by_key(|(chosen, _)| chosen.news);
        found
    }

    fn single(&mut self, index: usize, unit: &Unit, left_out: Vec<LeftOut>, caps: &mut Caps) {
        let news: &'a Happening<'a> = &self.around.history.news[unit.news];
        let component = self.component(index);
        let of = match component.once {
            Once::Event => Of::Event(news.event.id.clone()),
            Once::Subject => Of::Subject(news.event.subject.clone()),
            Once::SubjectInMonth => {
                Of::SubjectInMonth(news.event.subject.clone(), news.event.labels.month.clone())
            }
        };
        let about = About { index, of, labels: Some(&news.event.labels), news: Some(news) };
        let mut why = Why { left_out, ..Why::default() };
        let amount = self.amount(&about, news, unit, (&mut why, caps));
        let amount = amount.unwrap_or_else(|unpaid| {
            why.unpaid = Some(unpaid);
            if unit.measure.is_ok() {
                self.came_to_nothing(index, about.labels, None);
            }
            Both::default()
        });
        self.give(&about, amount, why);
    }

    fn amount(
        &mut self,
        about: &About<'a>,
        news: &'a Happening<'a>,
        unit: &Unit,
        told: (&mut Why, &mut Caps),
    ) -> Result<Both, Unpaid> {
        let (why, caps) = told;
        let component = self.component(about.index);
        let input = |measure: Exact| Input {
            event: news.event.id.clone(),
            measure: measure.part(),
            released: Exact::ONE.part(),
            open: Exact::ONE.part(),
            words: news.words.iter().map(|word| (*word).clone()).collect(),
        };
        let measure = match &unit.measure {
            Ok(measure) => *measure,
            Err(unpaid) => {
                why.inputs.push(input(Exact::ZERO));
                return Err(unpaid.clone());
            }
        };
        why.inputs.push(input(measure));
        why.counted = measure.part();
        let counted = Counted { pieces: Exact::ONE, measure };
        let run = Run {
            component,
            is_money: self.published.counts_money(component),
            own: self.own_rate(about.index),
            total: counted,
            each: &[counted],
            quota: None,
        };
        let paid = run.paid()?;
        why.slices = paid.slices;
        why.unpaid = paid.unpaid;
        let labels = Some(&news.event.labels);
        let factors = self.factors(about.index, labels, None, &mut why.factors)?;
        let earned = [
            self.round(paid.amount.times(factors[0]))?,
            self.round(paid.amount.times(factors[1]))?,
        ];
        why.earned = earned[1];
        Ok(self.through(about, news, earned, (why, caps)))
    }

    /// An amount through its gate and under its caps.
    fn through(
        &mut self,
        about: &About<'a>,
        news: &'a Happening<'a>,
        earned: [i64; 2],
        told: (&mut Why, &mut Caps),
    ) -> Both {
        let (why, caps) = told;
        let component = self.component(about.index);
        let passages = self.passages(component, news);
        let shares: Vec<Share> = passages.all.iter().map(|passage| passage.share).collect();
        let weights = weights(&shares).map(|weights| weights.parts).unwrap_or_default();
        let parts = earned.map(|earned| split(earned, &weights, self.published));
        let living =
            Both { posted: living(&passages, &parts[0]), open: living(&passages, &parts[1]) };
        let belongs =
            Belongs { deal: Some(news.event.group()), labels: Some(&news.event.labels), own: None };
        let left = caps.cut(component, &belongs, living, &mut why.cuts);
        let served = serve(&passages, [&parts[0], &parts[1]], left);
        let amount = Both { posted: served.posted, open: served.open };
        let came = Came { labels: Some(&news.event.labels), own: None, amount };
        self.came.entry(about.index).or_default().push(came);
        let left = self.under_plan(about.labels, left, why);
        let served = serve(&passages, [&parts[0], &parts[1]], left);
        why.clawed_back = passages.clawed_back;
        why.due = passages.due;
        if let Some(failed) = &passages.failed {
            why.unpaid.get_or_insert(Unpaid::Failed(failed.clone()));
        }
        if component.gate.is_some() {
            why.tranches = tranches(component, &passages, &served.tranches);
        }
        Both { posted: served.posted, open: served.open }
    }

    /// What became of a piece of news at the gate; without one it is through.
    pub(super) fn passages(&self, component: &Component, news: &Happening<'_>) -> Passages {
        let history = self.around.history;
        match &component.gate {
            Some(gate) => pass(gate, component.clawback, news, history, self.around.as_of),
            None => Passages {
                all: vec![Passage {
                    stage: None,
                    share: Share::WHOLE,
                    state: State::Released,
                    by: None,
                    at: Some(news.event.when.at),
                }],
                failed: None,
                clawed_back: false,
                due: None,
            },
        }
    }
}

fn tranches(component: &Component, passages: &Passages, amounts: &[i64]) -> Vec<Tranche> {
    let stages = component.gate.as_ref().map_or(&[][..], |gate| &gate.stages);
    let code = |place: usize| -> Option<Name> { stages.get(place).map(|stage| stage.code.clone()) };
    let made = passages.all.iter().zip(amounts).map(|(passage, amount)| Tranche {
        stage: passage.stage.and_then(code),
        amount: *amount,
        state: passage.state,
        by: passage.by.clone(),
        at: passage.at,
    });
    made.collect()
}
