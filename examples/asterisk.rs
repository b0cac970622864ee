//! Drives a real Asterisk by the driver for ARI and says what came of it; `tests/asterisk/run`
//! starts both. Fails where a call ends otherwise than the dial plan of that Asterisk has it.

use std::net::SocketAddr;
use std::time::Duration;

use troika::telephony::drivers::ari::{AriLine, AriSettings};
use troika::telephony::port::{Account, CallEvent, CallEventKind, Line, News, Order};
use troika::telephony::{EndCause, EndedBy};
use troika::values::{AttemptId, Clock, UserId};

/// How long a number rings.
const RING_MS: i64 = 4_000;
/// How long news may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A number of the dial plan, when its caller hangs up, and how the call must end.
type Case = (&'static str, Option<&'static str>, EndCause, EndedBy);

const CASES: [Case; 8] = [
    ("+79160000001", Some("bridged"), EndCause::Answered, EndedBy::Caller),
    ("+79160000002", None, EndCause::Busy, EndedBy::Far),
    ("+79160000003", None, EndCause::NoAnswer, EndedBy::Engine),
    ("+79160000003", Some("ringing"), EndCause::Cancelled, EndedBy::Caller),
    ("+79160000004", None, EndCause::Rejected, EndedBy::Far),
    ("+79160000005", None, EndCause::InvalidNumber, EndedBy::Far),
    ("+79160000006", None, EndCause::Answered, EndedBy::Far),
    ("+79160000007", None, EndCause::TrunkFailure, EndedBy::Far),
];

#[tokio::main]
async fn main() -> Result<(), String> {
    let place = std::env::args().nth(1).ok_or("asterisk ADDRESS:PORT")?;
    let place: SocketAddr = place.parse().map_err(|_| format!("{place} is no address"))?;
    let clock = Clock::system();
    let mut line = AriLine::start(settings(place), clock.clone()).await?;
    let boris = UserId::fresh(clock.now());
    let account = Account { user: boris, name: "boris".to_owned(), proof: String::new() };
    line.set_accounts(&[account]).await;
    let (mut has_phone, mut has_trunk) = (false, false);
    while !has_phone || !has_trunk {
        match next(&mut line).await? {
            News::Phone(_, is_here) => has_phone = is_here,
            News::Trunk(is_up) => has_trunk = is_up,
            _ => {}
        }
    }
    println!("phone and trunk are there");
    for case in CASES {
        call(&mut line, (boris, &clock), case).await?;
    }
    line.close().await;
    Ok(())
}

fn settings(place: SocketAddr) -> AriSettings {
    AriSettings {
        place,
        user: "troika".to_owned(),
        secret: "of-the-test".to_owned(),
        app: "troika".to_owned(),
        dial: "PJSIP/{number}@trunk".to_owned(),
        caller_id: "+74950000000".to_owned(),
        prefixes: vec!["7".to_owned()],
        ring_ms: RING_MS,
    }
}

async fn next(line: &mut AriLine) -> Result<News, String> {
    let news = tokio::time::timeout(PATIENCE, line.news()).await;
    news.map_err(|_| "nothing happens".to_owned())?.ok_or_else(|| "the line is dead".to_owned())
}

/// Calls a number and compares how it ended.
async fn call(
    line: &mut AriLine,
    (caller, clock): (UserId, &Clock),
    (number, hangs_up_at, cause, by): Case,
) -> Result<(), String> {
    let attempt = AttemptId::fresh(clock.now());
    let called = number.to_owned();
    let order = Order { attempt, caller, number: called, own_number: None, is_recorded: false };
    line.dial(order).await;
    let mut told = Vec::new();
    loop {
        let event = match next(line).await? {
            News::Ready => {
                line.go_on().await;
                continue;
            }
            News::Call(event) if event.attempt == attempt => event,
            _ => continue,
        };
        if Some(event.kind.code()) == hangs_up_at {
            tokio::time::sleep(Duration::from_millis(800)).await;
            line.hang_up(attempt).await;
        }
        let is_over = matches!(event.kind, CallEventKind::Ended { .. });
        told.push(event);
        if is_over {
            break;
        }
    }
    report(number, &told);
    let end = told.iter().find_map(|event| match event.kind {
        CallEventKind::LegEnded { end } => Some(end),
        _ => None,
    });
    match end {
        Some(end) if (end.cause, end.by) == (cause, by) => Ok(()),
        other => Err(format!("{number} should end {cause:?} by {by:?}, and not {other:?}")),
    }
}

fn report(number: &str, told: &[CallEvent]) {
    let began = told.first().map_or(0, |event| event.at.ms());
    let one = |event: &CallEvent| format!("{} {} ms", event.kind.code(), event.at.ms() - began);
    let course: Vec<String> = told.iter().map(one).collect();
    println!("{number}: {}", course.join(", "));
}
