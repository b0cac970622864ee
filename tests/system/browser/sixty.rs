//! Sixty calls by keyboard alone, in either layout, and how long the caller waits for the next
//! company.

use super::Shift;

/// Calls of a shift.
pub const CALLS: usize = 60;

/// The hand: which letters its keys write, and in which language it says when to call again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Latin,
    Russian,
}

impl Layout {
    fn press(self, caller: &Shift<'_>, key: &str) {
        match self {
            Self::Latin => caller.press(key),
            Self::Russian => caller.press_in_russian(key),
        }
    }
    fn tomorrow(self) -> &'static str {
        match self {
            Self::Latin => "tomorrow 11:00",
            Self::Russian => "завтра 11:00",
        }
    }
    fn note(self) -> &'static str {
        match self {
            Self::Latin => "Asks for a price list",
            Self::Russian => "Просит прислать прайс",
        }
    }
}

/// The company in hand; nothing on any other page.
const HAND: &str = "return document.querySelector('h1.lead a')?.getAttribute('href') ?? ''";

/// True once the server waits for the result of a call by link.
pub const CALLS_BY_LINK: &str =
    "return document.querySelector('form[action$=\"/hang-up\"]') !== null";

/// True where the whole cockpit stands on the screen.
const IS_WHOLE: &str = "return document.documentElement.scrollHeight <= window.innerHeight";

/// Has the page note the time from the key that saves to the first picture of the next company.
const WATCH: &str = "
    window.waits = [];
    let pressed = null;
    addEventListener('keydown', (event) => {
      if (event.code === 'Enter') pressed = event.timeStamp;
    }, { capture: true });
    document.addEventListener('troika:replaced', () => {
      if (pressed === null) return;
      const began = pressed;
      pressed = null;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => window.waits.push(performance.now() - began);
        channel.port2.postMessage(null);
      });
    });";

/// Works through a shift from the desk on, without a mouse. Answers the milliseconds from each
/// saving key to the picture of the next company.
pub fn work(caller: &Shift<'_>, layout: Layout) -> Vec<f64> {
    caller.go("/desk");
    layout.press(caller, "Enter");
    let mut hand = next(caller, "");
    caller.ask(WATCH);
    caller.width(1366);
    caller.becomes(IS_WHOLE, true);
    for call in 0..CALLS {
        record(caller, layout, call);
        hand = next(caller, &hand);
    }
    let waits = caller.ask("return window.waits");
    let waits = waits.as_array().expect("the page was never left");
    waits.iter().filter_map(serde_json::Value::as_f64).collect()
}

/// Three keys at most for what is routine; a promise and a note are typed besides.
fn record(caller: &Shift<'_>, layout: Layout, call: usize) {
    let press = |key| layout.press(caller, key);
    match call % 10 {
        2 | 6 => {
            press("Digit3");
            press("ArrowDown");
            press("Enter");
        }
        4 => {
            press("KeyC");
            caller.types(layout.tomorrow());
            press("Enter");
        }
        7 => {
            press("Digit4");
            press("KeyN");
            caller.types(layout.note());
            press("Ctrl+Enter");
        }
        9 => {
            press("Digit9");
            press("Enter");
        }
        _ => {
            press("Digit4");
            press("Enter");
        }
    }
}

/// Waits for the company after the one in hand.
fn next(caller: &Shift<'_>, before: &str) -> String {
    let other = format!("{}", serde_json::json!(before));
    let is_next = HAND.replace("return ", "const hand = ");
    caller.becomes(&format!("{is_next}; return hand !== '' && hand !== {other}"), true);
    caller.ask(HAND).as_str().unwrap_or_default().to_owned()
}
