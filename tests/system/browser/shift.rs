//! Somebody at work in a browser: pages, keys, fields, and what they see.
//!
//! ```text
//! let house = House::open();
//! let caller = Shift::open(&house, "caller");
//! caller.go("/desk");
//! caller.press("Digit4");
//! caller.type_into("note", "Просили образец");
//! caller.submit();
//! caller.sees("Следующая компания");
//! ```
//!
//! Everything waits up to half a minute for what it wants; what does not come ends the test with
//! the text of the page and a screenshot.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::House;
use super::driver::{Browser, Element};
use super::keys::{latin, russian, virtual_key};

/// How long one waits for a page to say something.
const PATIENCE: Duration = Duration::from_secs(30);

/// A person at a browser.
pub struct Shift<'h> {
    house: &'h House,
    browser: Rc<Browser>,
    name: String,
    is_dead: bool,
}

impl Drop for Shift<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() && !self.is_dead {
            self.browser.leave(&self.house.address(""));
        }
    }
}

impl<'h> Shift<'h> {
    /// Signs a person in by a link. In the firm of [`House::open`] logins are the codes of roles.
    pub fn open(house: &'h House, login: &str) -> Self {
        let mut shift = Self::anonymous(house);
        shift.go(&house.link(login));
        shift.submit();
        shift.is_in();
        // What the first page complains of belongs to the tests of that page.
        shift.browser.console();
        login.clone_into(&mut shift.name);
        shift
    }

    /// Waits until a link has led into the product.
    pub fn is_in(&self) {
        let script = "return document.readyState === 'complete' &&
            !location.pathname.startsWith('/sign-in')";
        self.becomes(script, true);
    }

    /// Somebody who has not signed in.
    pub fn anonymous(house: &'h House) -> Self {
        let browser = house.browser();
        browser.console();
        let shift = Self { house, browser, name: "stranger".to_owned(), is_dead: false };
        shift.width(1366);
        shift
    }

    /// Their browser dies: nobody signs out, nothing is sent.
    pub fn dies(mut self) {
        self.is_dead = true;
        self.house.give_up(&self.browser);
    }

    /// Opens a page of the product.
    pub fn go(&self, path: &str) {
        self.browser.go(&self.house.address(path));
    }

    /// Makes the window as wide as a desk's screen or a phone: 1366 or 390.
    pub fn width(&self, width: u32) {
        let height = if width < 600 { 844 } else { 768 };
        let screen = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.browser.command("Emulation.setDeviceMetricsOverride", &screen);
    }

    /// Lets scripts run or not, from the next page on.
    pub fn scripts(&self, run: bool) {
        let value = json!({ "value": !run });
        self.browser.command("Emulation.setScriptExecutionDisabled", &value);
    }

    /// Presses a physical key by its code, as in `Digit4`, `KeyA`, `Enter`, `Ctrl+KeyK`, with the
    /// Latin layout switched on.
    pub fn press(&self, key: &str) {
        self.strike(key, latin);
    }

    /// The same key with the Russian layout switched on.
    pub fn press_in_russian(&self, key: &str) {
        self.strike(key, russian);
    }

    fn strike(&self, key: &str, layout: fn(&str) -> String) {
        // A key pressed before the scripts run would be lost, as it is for a fast hand.
        self.becomes("return document.documentElement.dataset.script ?? ''", "on");
        self.watch();
        let held = key.split('+').rev().skip(1).fold(0, |held, name| {
            held | match name {
                "Alt" => 1,
                "Ctrl" => 2,
                "Shift" => 8,
                other => panic!("{other} is not held down"),
            }
        });
        let code = key.rsplit('+').next().unwrap_or(key);
        let name = layout(code);
        let mut event = json!({
            "type": "rawKeyDown", "code": code, "key": name, "modifiers": held,
            "windowsVirtualKeyCode": virtual_key(code),
        });
        let types = name.chars().count() == 1 && held & 3 == 0;
        if types || code == "Enter" {
            event["type"] = json!("keyDown");
            event["text"] = json!(if code == "Enter" { "\r" } else { name.as_str() });
        }
        self.browser.command("Input.dispatchKeyEvent", &event);
        event["type"] = json!("keyUp");
        self.browser.command("Input.dispatchKeyEvent", &event);
        self.settle();
    }

    /// Has the page note when it is being left.
    fn watch(&self) {
        self.ask(
            "if (window.isWatched) return;
            window.isWatched = true;
            navigation.addEventListener('navigate', (event) => {
              if (event.hashChange || event.downloadRequest !== null) return;
              // A telephone opens beside the page.
              const { sameDocument, url } = event.destination;
              if (sameDocument || url.startsWith('tel:')) return;
              document.documentElement.dataset.leaving = event.destination.url;
            });
            // A form that is sent leaves the page some time before its navigation begins.
            window.addEventListener('submit', (event) => {
              if (event.defaultPrevented || event.submitter?.hasAttribute('formtarget')) return;
              if (event.target.getAttribute('method') === 'dialog') return;
              document.documentElement.dataset.leaving = 'by a form';
            });",
        );
    }

    /// Waits until what was pressed has been answered: the next page is there, no form is sent.
    fn settle(&self) {
        let script = "return document.readyState === 'complete' &&
            !document.documentElement.dataset.leaving &&
            document.querySelector('form[aria-busy=true]') === null";
        self.becomes(script, true);
    }

    /// Writes a text into the field of that name, in place of what stood there.
    pub fn type_into(&self, name: &str, text: &str) {
        self.wait(&format!("{name} to take {text:?}"), || {
            let field = self.field(name);
            self.browser.clear(&field) && self.browser.type_into(&field, text)
        });
    }

    /// Types on where the cursor stands, key by key.
    pub fn types(&self, text: &str) {
        let script = "return document.activeElement";
        let field = self.browser.find(script, &json!([])).expect("an element with the focus");
        assert!(self.browser.type_into(&field, text), "what was typed into has gone");
    }

    /// Unfolds the part of that heading until its field shows: a live page may just be drawn anew.
    pub fn unfold(&self, text: &str, name: &str) {
        let script = "return [...document.getElementsByName(arguments[0])]
            .some((e) => e.checkVisibility())";
        let is_shown = || self.browser.ask(script, &json!([name])) == Value::Bool(true);
        self.wait(&format!("{text:?} to show {name}"), || {
            if !is_shown() {
                self.click(text);
            }
            is_shown()
        });
    }

    /// Chooses a value: of a select, of radio buttons, or `on` and `off` of a check box.
    pub fn choose(&self, name: &str, value: &str) {
        let script = "const [name, value] = arguments;
            const all = [...document.getElementsByName(name)];
            const select = all.find((e) => e.matches('select'));
            if (select) {
              select.value = value;
              select.dispatchEvent(new Event('change', { bubbles: true }));
              return select.value === value;
            }
            const radio = all.find((e) => e.matches('[type=radio]') && e.value === value);
            if (radio) { (radio.labels[0] ?? radio).click(); return radio.checked; }
            const box = all.find((e) => e.matches('[type=checkbox]'));
            if (box && box.checked !== (value === 'on')) (box.labels[0] ?? box).click();
            return box ? box.checked === (value === 'on') : false;";
        self.wait(&format!("{value} to choose as {name}"), || {
            self.browser.ask(script, &json!([name, value])) == Value::Bool(true)
        });
    }

    /// Chooses what begins so in the visible list of that name.
    pub fn pick(&self, name: &str, text: &str) {
        let script = "const [name, text] = arguments;
            const select = [...document.querySelectorAll('select')]
              .find((e) => e.name === name && e.checkVisibility());
            const option = [...(select?.options ?? [])].find((o) => o.text.trim().startsWith(text));
            if (!option) return false;
            option.selected = true;
            select.dispatchEvent(new Event('change', { bubbles: true }));
            return true;";
        self.wait(&format!("{text} to pick as {name}"), || {
            self.browser.ask(script, &json!([name, text])) == Value::Bool(true)
        });
    }

    /// Sets a field that keys fill in by the browser's own habits, as one for a day.
    pub fn set(&self, name: &str, value: &str) {
        let script = "const [name, value] = arguments;
            const field = [...document.getElementsByName(name)]
              .find((e) => e.type !== 'hidden' && e.checkVisibility());
            if (!field) return false;
            field.value = value;
            field.dispatchEvent(new Event('input', { bubbles: true }));
            return field.value === value;";
        self.wait(&format!("{name} to take {value}"), || {
            self.browser.ask(script, &json!([name, value])) == Value::Bool(true)
        });
    }

    /// Drags what a selector finds onto what another finds, with the mouse.
    pub fn drag(&self, from: &str, to: &str) {
        self.becomes("return document.documentElement.dataset.script ?? ''", "on");
        let place = |selector: &str| {
            let script = "const box = document.querySelector(arguments[0]).getBoundingClientRect();
                return [box.x + box.width / 2, box.y + Math.min(box.height / 2, 200)]";
            let at = self.browser.ask(script, &json!([selector]));
            (at[0].as_f64().expect("a place"), at[1].as_f64().expect("a place"))
        };
        let (begin, end) = (place(from), place(to));
        let middle = (f64::midpoint(begin.0, end.0), f64::midpoint(begin.1, end.1));
        for (kind, (x, y)) in [
            ("mouseMoved", begin),
            ("mousePressed", begin),
            ("mouseMoved", middle),
            ("mouseMoved", end),
            ("mouseReleased", end),
        ] {
            let held = i32::from(kind != "mouseReleased" && (x, y) != begin);
            let event = json!({
                "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1, "buttons": held,
            });
            self.browser.command("Input.dispatchMouseEvent", &event);
        }
    }

    /// Where the first link leads whose address begins so.
    pub fn href(&self, beginning: &str) -> String {
        let script = "return [...document.querySelectorAll('main a[href]')]
            .map((a) => a.getAttribute('href')).find((h) => h.startsWith(arguments[0])) ?? null";
        let mut found = Value::Null;
        self.wait(&format!("a link to {beginning}"), || {
            found = self.browser.ask(script, &json!([beginning]));
            found.is_string()
        });
        found.as_str().unwrap_or_default().to_owned()
    }

    /// Gives a file to the field of that name.
    pub fn attach(&self, name: &str, file: &std::path::Path) {
        let script = "return document.querySelector(`input[type=file][name=\"${arguments[0]}\"]`)";
        let field = self.browser.find(script, &json!([name])).expect("a field for a file");
        assert!(self.browser.type_into(&field, &file.display().to_string()), "{name} has gone");
    }

    /// Sends the form that has the focus or, where none has, the page's one main button.
    pub fn submit(&self) {
        let script = "const form = document.activeElement?.form ??
              document.querySelector('main button.primary')?.form ??
              document.querySelector('main form');
            return form?.querySelector('button.primary, button:not([type=button])') ??
              document.querySelector('main button.primary')";
        self.watch();
        self.wait("a button to send the form", || {
            let button = self.browser.find(script, &json!([]));
            button.is_some_and(|button| self.browser.click(&button))
        });
        self.settle();
    }

    /// Clicks the link or button that says so.
    pub fn click(&self, text: &str) {
        let script = "const all = [...document.querySelectorAll('a, button, summary, label')]
              .filter((e) => e.checkVisibility({ visibilityProperty: true }));
            const says = (e) => e.innerText.replace(/\\s+/g, ' ').trim();
            return all.find((e) => says(e) === arguments[0]) ??
              all.find((e) => says(e).startsWith(arguments[0])) ?? null";
        self.watch();
        self.wait(&format!("{text:?} to click"), || {
            let target = self.browser.find(script, &json!([text]));
            target.is_some_and(|target| self.browser.click(&target))
        });
        self.settle();
    }

    /// Waits until the page says a text.
    pub fn sees(&self, text: &str) {
        self.wait(&format!("{text:?}"), || self.text().contains(text));
    }

    /// Waits until the page does not say a text.
    pub fn misses(&self, text: &str) {
        self.wait(&format!("{text:?} to go"), || !self.text().contains(text));
    }

    /// Waits until the address has a path.
    pub fn is_at(&self, path: &str) {
        self.wait(&format!("the page {path}"), || self.path() == path);
    }

    /// The path of the address.
    pub fn path(&self) -> String {
        let path = self.browser.ask("return location.pathname", &json!([]));
        path.as_str().unwrap_or_default().to_owned()
    }

    /// All that the page says, with single spaces.
    pub fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let text = self.browser.ask(script, &json!([]));
        let text = text.as_str().unwrap_or_default().replace(['\u{a0}', '\u{202f}'], " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What a script answers.
    pub fn ask(&self, script: &str) -> Value {
        self.browser.ask(script, &json!([]))
    }

    /// Waits until a script answers so.
    pub fn becomes(&self, script: &str, value: impl Into<Value>) {
        let value = value.into();
        self.wait(&format!("{script} to answer {value}"), || self.ask(script) == value);
    }

    /// A day so far from today by the clock of the program, as a field for days takes it.
    pub fn day(&self, ahead: i64) -> String {
        let script = format!(
            "const now = Number(document.documentElement.dataset.now);
            return new Date(now + {ahead} * 864e5).toISOString().slice(0, 10)"
        );
        self.ask(&script).as_str().expect("a day").to_owned()
    }

    /// Problems of the page as it stands: sideways scrolling, words without a text, refusals of
    /// the content policy and whatever else the console complains of.
    pub fn problems(&self) -> Vec<String> {
        let script = "const page = document.documentElement;
            const wide = [...document.querySelectorAll('main *, header *')]
              .filter((e) => e.getBoundingClientRect().right > page.clientWidth + 1 &&
                e.checkVisibility() && !e.closest('.unseen, [popover], dialog'))
              .slice(-3).map((e) => e.outerHTML.slice(0, 80));
            return page.scrollWidth > page.clientWidth
              ? `${page.scrollWidth} wide in ${page.clientWidth}: ${wide.join(' · ')}` : ''";
        let wide = self.browser.ask(script, &json!([]));
        let mut problems: Vec<String> = self.browser.console();
        problems.retain(|line| line.contains("SEVERE") || line.contains("Content Security"));
        problems.extend(wide.as_str().filter(|text| !text.is_empty()).map(str::to_owned));
        let text = self.text();
        if let Some((_, word)) = text.split_once('⟦') {
            problems
                .push(format!("a word has no text: {}", word.chars().take(40).collect::<String>()));
        }
        problems
    }

    /// Keeps a picture of the page in `target/screenshots`.
    pub fn picture(&self, name: &str) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../screenshots");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, self.browser.picture()).expect("a picture is kept");
        path
    }

    fn field(&self, name: &str) -> Element {
        let script = "return [...document.getElementsByName(arguments[0])]
            .find((e) => e.type !== 'hidden' && e.checkVisibility()) ?? null";
        let mut field = None;
        self.wait(&format!("a field {name}"), || {
            field = self.browser.find(script, &json!([name]));
            field.is_some()
        });
        field.expect("it was waited for")
    }

    fn wait(&self, what: &str, mut is_there: impl FnMut() -> bool) {
        let began = Instant::now();
        while !is_there() {
            if began.elapsed() > PATIENCE {
                self.fail(what);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn fail(&self, what: &str) -> ! {
        let picture = self.picture(&format!("failed-{}", self.name));
        panic!(
            "{} waited for {what} at {}; the page says: {}; the console: {:?}; the program: {}; \
             picture: {}",
            self.name,
            self.path(),
            self.text(),
            self.browser.console(),
            self.house.log(),
            picture.display()
        )
    }
}
