//! The screens, as somebody at a browser meets them.

mod driver;
mod house;
mod keys;
mod path;
mod shift;
mod sixty;

use std::time::Duration;

use axum::http::Method;
use troika::people::{Role, Roles};
use troika::routes;

pub use house::House;
pub use shift::Shift;
use sixty::Layout;

use crate::campaign::begin;
use crate::server::{Home, found};

#[test]
fn sixty_calls_are_made_by_keyboard_in_either_layout() {
    for (layout, lang) in [(Layout::Latin, "en"), (Layout::Russian, "ru")] {
        let home = Home::sqlite();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let db = home.open().await;
            let (org, people) = found(&db).await;
            begin(&db, org, &people, sixty::CALLS + 20).await;
            db.close().await;
        });
        let house = House::over(home, Duration::ZERO);
        let caller = Shift::open(&house, "caller");
        caller.go("/settings");
        caller.choose("lang", lang);
        caller.submit();
        let waits = sixty::work(&caller, layout);
        assert_eq!(waits.len(), sixty::CALLS, "each answer brought the next company");
        assert_eq!(caller.problems(), Vec::<String>::new());
        caller.press("KeyD");
        caller.becomes(sixty::CALLS_BY_LINK, true);
        // A browser may ask by which program it calls, and has the keys meanwhile.
        caller.ask("document.querySelector('form[action$=\"/hang-up\"] button').click()");
        caller.becomes(sixty::CALLS_BY_LINK, false);
        let kinds = runtime.block_on(async {
            let db = house.home.open().await;
            let mut tx = db.read().await.expect("reads");
            let text = "select meaning, count(*) as calls, count(distinct lead_id) as leads \
                from calls group by meaning order by meaning";
            let rows = tx.all(text, &[]).await.expect("calls");
            let told: Vec<String> = rows
                .iter()
                .map(|row| {
                    let (calls, leads) = (row.int("calls"), row.int("leads"));
                    let meaning = row.text("meaning").expect("a code");
                    format!("{meaning} {} {}", calls.expect("a count"), leads.expect("a count"))
                })
                .collect();
            drop(tx);
            db.close().await;
            told
        });
        assert_eq!(kinds, ["bad_number 6 6", "callback 6 6", "not_reached 36 36", "refusal 12 12"]);
    }
}

#[test]
fn a_stranger_is_asked_to_sign_in_and_told_when_it_fails() {
    let house = House::open();
    let stranger = Shift::anonymous(&house);
    stranger.go("/settings");
    stranger.is_at("/sign-in");
    stranger.type_into("login", "nobody");
    stranger.type_into("password", "a wrong password");
    stranger.submit();
    stranger.sees("Login or password is wrong");
    assert_eq!(stranger.ask("return document.forms[0].login.value"), "nobody", "text is kept");
}

#[test]
fn a_link_signs_in_by_enter_alone_and_without_scripts() {
    let house = House::open();
    let link = house.link("seller");
    let by_key = Shift::anonymous(&house);
    by_key.go(&link);
    for width in [390, 1366] {
        by_key.width(width);
        assert_eq!(by_key.problems(), Vec::<String>::new(), "the page of a link, {width}");
    }
    by_key.press("Enter");
    by_key.is_in();
    let late = Shift::anonymous(&house);
    late.go(&link);
    late.sees("Ask your administrator for a new one");
    late.click("Sign in with login and password");
    late.is_at("/sign-in");
    let plain = Shift::anonymous(&house);
    plain.scripts(false);
    plain.go(&house.link("seller"));
    plain.submit();
    plain.is_in();
}

#[test]
fn a_person_chooses_language_and_look() {
    let house = House::open();
    let seller = Shift::open(&house, "seller");
    seller.go("/settings");
    seller.choose("lang", "en");
    seller.choose("theme", "dark");
    seller.submit();
    seller.sees("Language");
    assert_eq!(seller.ask("return document.documentElement.lang"), "en");
    assert_eq!(seller.ask("return document.documentElement.dataset.theme"), "dark");
    seller.choose("lang", "ru");
    seller.submit();
    seller.sees("Язык");
}

#[test]
fn a_tab_keeps_nothing_of_a_person_who_signed_out() {
    let house = House::open();
    let seller = Shift::open(&house, "seller");
    seller.ask("sessionStorage.setItem('draft:loss:1', 'words')");
    seller.go("/settings");
    let kept = seller.ask("return sessionStorage.getItem('draft:loss:1')");
    assert_eq!(kept, "words", "while they are in it waits for its form");
    seller.ask("document.querySelector('[action=\"/sign-out\"]').submit()");
    seller.becomes("return location.pathname", "/sign-in");
    seller.becomes("return sessionStorage.length", 0);
}

#[test]
fn keys_work_in_both_layouts() {
    let house = House::open();
    let seller = Shift::open(&house, "seller");
    let is_open = "return document.querySelector('dialog[open]') !== null";
    for strike in [Shift::press, Shift::press_in_russian] {
        seller.go("/settings");
        strike(&seller, "Ctrl+KeyK");
        seller.becomes(is_open, true);
        seller.press("Escape");
        seller.becomes(is_open, false);
        seller.ask(QUESTIONS);
        for (key, next) in [("Digit7", "left"), ("Digit9", "name")] {
            strike(&seller, key);
            seller.becomes("return document.activeElement.name", next);
        }
    }
}

/// A choice with a field that may stay empty, and one whose field is wanted.
const QUESTIONS: &str = "document.querySelector('main').insertAdjacentHTML('beforeend', `<form>
    <label data-key=Digit7><input type=radio name=left data-reveals=left>7</label>
    <div data-reveal=left data-optional><input name=why></div>
    <label data-key=Digit9><input type=radio name=decision data-reveals=handoff>9</label>
    <div data-reveal=handoff><input name=name></div></form>`)";

#[test]
fn a_person_works_and_signs_out_without_scripts() {
    let house = House::open();
    let service = Shift::open(&house, "service");
    service.scripts(false);
    service.go("/settings");
    service.choose("lang", "en");
    service.submit();
    service.sees("Language");
    service.misses("Язык");
    service.scripts(true);
    service.go("/settings");
    service.click("Имя service");
    service.click("Sign out");
    service.is_at("/sign-in");
}

/// What the other tests rely on: a page that is wrong does not pass for right.
#[test]
fn a_page_that_is_wrong_is_noticed() {
    let house = House::open();
    let seller = Shift::open(&house, "seller");
    seller.go("/settings");
    assert!(seller.problems().is_empty(), "{:?}", seller.problems());
    seller.ask(
        "document.querySelector('main').insertAdjacentHTML('beforeend',
        '<input type=file name=file><pre>' + 'x'.repeat(4000) + '</pre>');
        document.querySelector('main pre').style.whiteSpace = 'pre';",
    );
    assert!(seller.problems().iter().any(|p| p.contains("wide in 1366")));
    seller.ask(
        "const s = document.createElement('script'); s.textContent = 'window.evil = 1';
        document.body.append(s);",
    );
    assert!(seller.problems().iter().any(|p| p.contains("Content Security")));
    seller.ask("document.querySelector('h1').textContent = '⟦key⟧'");
    assert!(seller.problems().iter().any(|p| p.contains("a word has no text")));
    let file = house.home.folder().join("companies.csv");
    std::fs::write(&file, "name;phone").expect("a file");
    seller.attach("file", &file);
    assert_eq!(seller.ask("return document.querySelector('[type=file]').files.length"), 1);
}

/// Pages without a parameter that a role may open.
fn pages(role: Role) -> impl Iterator<Item = &'static str> {
    // Streams, the palette and the API are no pages; one is for a demo firm, two want a query.
    let apart = [
        "/live",
        "/healthz",
        "/api/",
        "/search.json",
        "/demo",
        "/reports/records",
        "/reports/scripts/records",
    ];
    routes::table().listed.into_iter().filter_map(move |route| {
        let is_page = route.method == Method::GET
            && !route.path.contains('{')
            && !apart.iter().any(|start| route.path.starts_with(start));
        let is_open = route.policy.is_public || route.policy.roles.meets(Roles::of(&[role]));
        (is_page && is_open).then_some(route.path)
    })
}

#[test]
fn no_page_scrolls_sideways_or_complains_for_any_role() {
    let house = House::open();
    let mut problems = Vec::new();
    let mut count = 0;
    for role in Role::ALL {
        let person = Shift::open(&house, role.code());
        for page in pages(role) {
            person.go(page);
            for width in [1366, 390] {
                person.width(width);
                count += 1;
                let found = person.problems().into_iter();
                problems.extend(found.map(|p| format!("{page} as {}, {width}: {p}", role.code())));
            }
        }
    }
    assert!(count > 40, "only {count} views of pages were looked at");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
