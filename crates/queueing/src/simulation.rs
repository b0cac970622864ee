//! A queue event by event: one line, first come first served, `n` like agents, Poisson arrivals,
//! exponential service and, if wished, exponential patience.
//!
//! Each replication draws arrivals, service and patience from streams of their own under one seed.
//! Two scenarios under the same seed therefore meet the same people, so the difference between
//! them is not blurred by chance. The method is the usual one of replications with the warm-up
//! deleted (Law, *Simulation Modeling and Analysis*, chapter 9).

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::{Interval, OutOfRange, Traffic, not_negative, positive};

/// The queue to be simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scenario {
    /// Arrivals and how long each takes an agent.
    pub traffic: Traffic,
    /// Agents at work throughout.
    pub agents: u32,
    /// The mean of an exponential patience in seconds, after which a waiting person gives up;
    /// `None` when everybody waits as long as it takes.
    pub patience_seconds_mean: Option<f64>,
    /// Who is answered within so many seconds counts towards the service level.
    pub target_seconds: f64,
}

/// How long and how often to simulate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replications {
    /// Simulated seconds before measuring begins, to forget that the queue began empty.
    pub warm_up_seconds: f64,
    /// Simulated seconds that are measured.
    pub measured_seconds: f64,
    /// Independent runs; at least two for an interval.
    pub count: u32,
    /// The same seed gives the same answer on every machine.
    pub seed: u64,
}

/// What came of it. Shares are of those who arrived while it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimates {
    /// The share who were not answered at once.
    pub waits: Interval,
    /// The share who gave up.
    pub abandons: Interval,
    /// The share answered within the target.
    pub service_level: Interval,
    /// The mean wait in seconds until the answer or the giving up, of all.
    pub wait_seconds_mean: Interval,
    /// The share of time an agent was busy.
    pub occupancy: Interval,
    /// Measured arrivals in all replications together.
    pub arrivals: u64,
}

/// Simulates the scenario.
///
/// A replication goes on after the measured time until all who arrived in it are answered or gone,
/// so no wait is cut short.
///
/// # Errors
/// When there are no agents, a time is negative or not finite, the measured time or the number of
/// replications is zero, or, without patience, the load is not below the number of agents: such a
/// queue grows without end and has no mean wait.
pub fn simulate(scenario: &Scenario, plan: &Replications) -> Result<Estimates, OutOfRange> {
    positive("agents", f64::from(scenario.agents))?;
    not_negative("target_seconds", scenario.target_seconds)?;
    not_negative("warm_up_seconds", plan.warm_up_seconds)?;
    positive("measured_seconds", plan.measured_seconds)?;
    positive("count", f64::from(plan.count))?;
    let load = scenario.traffic.load_erlangs();
    match scenario.patience_seconds_mean {
        Some(patience) => {
            not_negative("patience_seconds_mean", patience)?;
        }
        None if load >= f64::from(scenario.agents) => {
            return Err(OutOfRange { name: "load_erlangs", value: load });
        }
        None => {}
    }
    let runs: Vec<Tally> =
        (0..plan.count).map(|number| Run::new(scenario, plan, number).finish()).collect();
    let over =
        |measure: fn(&Tally) -> f64| Interval::of(&runs.iter().map(measure).collect::<Vec<f64>>());
    Ok(Estimates {
        waits: over(|run| run.share(run.waited)),
        abandons: over(|run| run.share(run.abandoned)),
        service_level: over(|run| run.share(run.in_time)),
        wait_seconds_mean: over(|run| run.wait_seconds / (run.arrived.max(1) as f64)),
        occupancy: over(|run| run.busy_share),
        arrivals: runs.iter().map(|run| run.arrived).sum(),
    })
}

/// What one replication counts.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    arrived: u64,
    waited: u64,
    abandoned: u64,
    in_time: u64,
    wait_seconds: f64,
    busy_share: f64,
}

impl Tally {
    fn share(&self, part: u64) -> f64 {
        part as f64 / self.arrived.max(1) as f64
    }
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Arrival,
    ServiceEnd,
    /// The patience of the arrival with this number is at an end.
    Renege(u64),
}

/// An event in the calendar. Events at the same instant happen in the order of entry.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at_seconds: f64,
    number: u64,
    event: Event,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at_seconds.total_cmp(&other.at_seconds).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

/// Somebody in the line.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    number: u64,
    arrived_seconds: f64,
    service_seconds: f64,
}

/// One replication under way.
struct Run<'a> {
    scenario: &'a Scenario,
    measured_from: f64,
    measured_until: f64,
    arrivals: ChaCha8Rng,
    service: ChaCha8Rng,
    patience: ChaCha8Rng,
    calendar: BinaryHeap<Reverse<Entry>>,
    entries: u64,
    arrival_number: u64,
    line: VecDeque<Waiting>,
    busy: u32,
    busy_since_seconds: f64,
    busy_seconds: f64,
    tally: Tally,
}

impl<'a> Run<'a> {
    fn new(scenario: &'a Scenario, plan: &Replications, number: u32) -> Self {
        let stream = |kind: u64| {
            let mut source = ChaCha8Rng::seed_from_u64(plan.seed);
            source.set_stream(u64::from(number) * 4 + kind);
            source
        };
        let mut run = Self {
            scenario,
            measured_from: plan.warm_up_seconds,
            measured_until: plan.warm_up_seconds + plan.measured_seconds,
            arrivals: stream(0),
            service: stream(1),
            patience: stream(2),
            calendar: BinaryHeap::new(),
            entries: 0,
            arrival_number: 0,
            line: VecDeque::new(),
            busy: 0,
            busy_since_seconds: 0.0,
            busy_seconds: 0.0,
            tally: Tally::default(),
        };
        run.next_arrival(0.0);
        run
    }

    fn finish(mut self) -> Tally {
        while let Some(Reverse(entry)) = self.calendar.pop() {
            let now = entry.at_seconds;
            match entry.event {
                Event::Arrival => self.arrive(now),
                Event::ServiceEnd => self.end_service(now),
                Event::Renege(number) => self.renege(now, number),
            }
        }
        let agent_seconds =
            f64::from(self.scenario.agents) * (self.measured_until - self.measured_from);
        self.tally.busy_share = self.busy_seconds / agent_seconds;
        self.tally
    }

    fn enter(&mut self, at_seconds: f64, event: Event) {
        self.entries += 1;
        self.calendar.push(Reverse(Entry { at_seconds, number: self.entries, event }));
    }

    /// Enters the next arrival, unless it falls behind the measured time. Whoever came later could
    /// not change the wait of those before.
    fn next_arrival(&mut self, now: f64) {
        let rate = self.scenario.traffic.arrivals_per_second();
        let at_seconds = now + exponential(&mut self.arrivals, 1.0 / rate);
        if at_seconds < self.measured_until {
            self.enter(at_seconds, Event::Arrival);
        }
    }

    fn arrive(&mut self, now: f64) {
        self.arrival_number += 1;
        let number = self.arrival_number;
        // Everybody draws both, waiting or not, so that scenarios stay in step.
        let service_seconds =
            exponential(&mut self.service, self.scenario.traffic.service_seconds_mean());
        let patience_seconds =
            self.scenario.patience_seconds_mean.map(|mean| exponential(&mut self.patience, mean));
        if self.is_measured(now) {
            self.tally.arrived += 1;
        }
        let person = Waiting { number, arrived_seconds: now, service_seconds };
        if self.busy < self.scenario.agents {
            self.answer(now, person);
        } else {
            self.tally.waited += u64::from(self.is_measured(now));
            self.line.push_back(person);
            if let Some(patience_seconds) = patience_seconds {
                self.enter(now + patience_seconds, Event::Renege(number));
            }
        }
        self.next_arrival(now);
    }

    fn answer(&mut self, now: f64, person: Waiting) {
        let wait_seconds = now - person.arrived_seconds;
        if self.is_measured(person.arrived_seconds) {
            self.tally.wait_seconds += wait_seconds;
            self.tally.in_time += u64::from(wait_seconds <= self.scenario.target_seconds);
        }
        self.set_busy(now, self.busy + 1);
        self.enter(now + person.service_seconds, Event::ServiceEnd);
    }

    fn end_service(&mut self, now: f64) {
        self.set_busy(now, self.busy - 1);
        if let Some(person) = self.line.pop_front() {
            self.answer(now, person);
        }
    }

    fn renege(&mut self, now: f64, number: u64) {
        // Numbers rise along the line; who is not found has been answered.
        let Ok(place) = self.line.binary_search_by_key(&number, |person| person.number) else {
            return;
        };
        let Some(person) = self.line.remove(place) else { return };
        if self.is_measured(person.arrived_seconds) {
            self.tally.abandoned += 1;
            self.tally.wait_seconds += now - person.arrived_seconds;
        }
    }

    fn is_measured(&self, arrived_seconds: f64) -> bool {
        arrived_seconds >= self.measured_from
    }

    /// Books the busy time so far, as far as it lies within the measured time.
    fn set_busy(&mut self, now: f64, busy: u32) {
        let from = self.busy_since_seconds.clamp(self.measured_from, self.measured_until);
        let until = now.clamp(self.measured_from, self.measured_until);
        self.busy_seconds += f64::from(self.busy) * (until - from);
        self.busy_since_seconds = now;
        self.busy = busy;
    }
}

/// An exponential time of the given mean, by inversion from 53 random bits.
fn exponential(source: &mut ChaCha8Rng, mean: f64) -> f64 {
    const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
    // From 2⁻⁵³ to 1, so the logarithm is finite.
    let uniform = ((source.next_u64() >> 11) + 1) as f64 * SCALE;
    -mean * uniform.ln()
}

#[cfg(test)]
mod tests;
