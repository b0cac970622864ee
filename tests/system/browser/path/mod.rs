//! The whole path of a client through the real screens, by keyboard and mouse: file, campaign,
//! calls, hand-offs, board, contract, order, pay, funnel, months. What takes hours or weeks is
//! waited for by the program's own clock: it is stopped and started later.
//!
//! `start` hires, agrees on pay, brings the file and the campaign in · `calls` is a shift on the
//! phone · `offers` answers what was passed on · `night` lets leases and offers run out · `sales`
//! wins and loses · `serving` serves · `hunter` keeps a client through all tiers · `base` merges,
//! erases and checks again · `pay` opens every figure and closes the month · `pages` looks at
//! every page with a record in its address.

mod base;
mod calls;
mod hunter;
mod night;
mod offers;
mod pages;
mod pay;
mod sales;
mod serving;
mod start;

use super::house::until_mid_month;
use super::{House, Shift};
use pages::Opened;

#[test]
fn a_line_of_a_file_becomes_a_client_through_the_screens() {
    let house = House::open_ahead(until_mid_month());
    let mut opened = Opened::default();
    start::people_are_hired(&house, &mut opened);
    start::pay_is_agreed(&house, &mut opened);
    start::a_file_and_a_campaign(&house, &mut opened);
    let omut = calls::a_shift_on_the_phone(&house, &mut opened);
    let phone = calls::a_browser_dies(&house);
    offers::offers_are_answered(&house);
    night::hours_pass(&house, &phone);
    night::an_offer_ran_out(&house, &phone);
    offers::a_rejection_is_contested(&house, &mut opened);
    sales::an_opportunity_is_won_and_one_lost(&house, &mut opened);
    serving::the_client_is_served(&house, &mut opened);
    hunter::one_person_keeps_a_client(&house, omut, &mut opened);
    base::the_base_is_looked_after(&house, &mut opened);
    let month = pay::every_figure_opens(&house, &mut opened);
    pay::the_month_is_closed(&house, &month, &mut opened);
    let problems = pages::problems(&house, opened);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The company in the cockpit.
const COMPANY: &str = "return document.querySelector('h1.lead')?.innerText ?? ''";

/// The help by `?` names every key once, at a glance, and the keys of one thing together.
fn names_keys(shift: &Shift<'_>, lines: &[&str]) {
    shift.press("Shift+Slash");
    shift.becomes("return document.querySelector('#keys[open]') !== null", true);
    let said = shift.ask(
        "return [...document.querySelectorAll('#keys dl div')]
          .map((line) => [...line.children].map((one) => one.innerText.trim()))",
    );
    let said: Vec<(String, String)> = serde_json::from_value(said).expect("names and keys");
    for (at, (name, keys)) in said.iter().enumerate() {
        assert!(!name.is_empty() && !keys.is_empty(), "{said:?}");
        assert!(name.chars().count() <= 60, "{name} is read too long");
        assert!(said[..at].iter().all(|(other, _)| other != name), "{name} stands there twice");
    }
    for line in lines {
        let (name, keys) = line.rsplit_once(": ").expect("a name and its keys");
        let is_told =
            said.iter().any(|(one, all)| one.replace('\u{a0}', " ") == name && all == keys);
        assert!(is_told, "{line} is not in {said:?}");
    }
    shift.press("Escape");
    shift.becomes("return document.querySelector('#keys[open]') !== null", false);
}
