//! The record that each noun of a path stands for, made by the product's own actions.

use serde_json::json;
use std::collections::BTreeMap;

use crate::calls::results::CallForm;
use crate::campaigns::CallingPolicy;
use crate::cast::Cast;
use crate::clients::NewClient;
use crate::clients::dates::NewDate;
use crate::clients::orders::NewOrder;
use crate::contracts::{NewContract, NewPayment};
use crate::events::{Event, Kind};
use crate::leads::{Next, floor};
use crate::meetings::NewMeeting;
use crate::opportunities::{Details, NewOpportunity};
use crate::people::actions::Secret;
use crate::people::session;
use crate::promises::NewPromise;
use crate::tasks::NewTask;
use crate::telephony::{self, rig};
use crate::values::*;
use crate::web::SentFile;
use crate::{
    calls, clients, companies, contracts, erasures, handoffs, imports, leads, meetings, merges,
    opportunities, people, promises, rounds, tasks,
};

/// The parameters of a path: `/leads/{lead}/calls` has `lead`.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .filter(|name| !name.starts_with('*'))
}

/// A path with the records filled in; where there is none, an id that nothing has.
pub(crate) fn fill(path: &str, records: &BTreeMap<&'static str, String>) -> String {
    path.split('/')
        .map(|part| {
            if let Some(noun) = part.strip_prefix("{*").and_then(|part| part.strip_suffix('}')) {
                let known = records.get(noun).cloned();
                return known.unwrap_or_else(|| "css/troika.css".to_owned());
            }
            let noun = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            match noun {
                None => part.to_owned(),
                Some(noun) => records.get(noun).cloned().unwrap_or_else(|| NOBODY.to_owned()),
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// A well-formed id that nothing has.
const NOBODY: &str = "01234567-89ab-7def-8123-456789abcdef";

/// Makes the records; whose each is stands beside it.
pub(crate) async fn make(cast: &Cast) -> BTreeMap<&'static str, String> {
    let mut records = BTreeMap::new();
    records.insert("version", "0".to_owned());
    records.insert("exercise", "1".to_owned());
    // A link that was never made; a good one is tried in `people/tests.rs`.
    records.insert("link", "0".repeat(64));
    records.insert("user", cast.id("boris").to_string());
    records.insert("holder", cast.id("boris").to_string());
    records.insert("team", cast.teams["calls-a"].to_string());
    // Boris is paid by a plan; a line of his is contested, a sum by hand waits for approval.
    records.extend(crate::pay::tests::records(cast).await);
    records.insert("token", token(cast).await);
    let companies = floor::add_companies(cast, 4).await;
    records.insert("company", companies[0].to_string());
    parts(cast, &mut records, companies[0]).await;
    records.insert("meeting", meeting(cast, companies[1]).await);
    calling(cast, &mut records).await;
    records.insert("connector", connector(cast).await);
    records.insert("own_number", telephony::rig::pause_number(cast).await);
    records.insert("reason", "too_expensive".to_owned());
    records.insert("incoming", incoming(cast, &records["lead"]).await);
    records.insert("unknown", telephony::unknown::tests::came(cast, "boris").await);
    selling(cast, &mut records, companies[1]).await;
    serving(cast, &mut records, companies[2]).await;
    records.insert("import", import(cast).await);
    let (round, check) = round(cast).await;
    records.insert("round", round);
    records.insert("check", check);
    merged(cast, &mut records).await;
    records.insert("erasure", erasure(cast, companies[3]).await);
    records
}

/// A round of Anna's that Prokhor ordered, and a company of it in Bella's hands.
async fn round(cast: &Cast) -> (String, String) {
    floor::add_one(cast, &floor::company(77)).await;
    crate::quality::tests::score_all(cast).await;
    let anna = cast.viewer("anna").await;
    let terms = rounds::RoundTerms {
        name: "autumn".to_owned(),
        segment: crate::campaigns::Segment { with_shared: true, ..Default::default() },
        fields: rounds::ASKED.to_vec(),
        callers: vec![cast.id("boris"), cast.id("bella")],
        until: None,
        legal_basis: crate::campaigns::LegalBasis::PublicSource,
        principal: Some(cast.id("prokhor")),
        is_paid: true,
    };
    let act = cast.act("anna", "round");
    let id = rounds::actions::start(&act, &anna, terms, "> Good day").await.expect("starts");
    cast.settle().await;
    let bella = cast.viewer("bella").await;
    let act = cast.act("bella", "check");
    let grant = leads::leasing::lease(&act, &bella, id).await.expect("leases");
    (id.to_string(), grant.expect("a company").lead.to_string())
}

/// Somebody whom the owner erased.
async fn erasure(cast: &Cast, company: CompanyId) -> String {
    let olga = cast.viewer("olga").await;
    let new = companies::NewContact { name: "Storekeeper".to_owned(), ..Default::default() };
    let act = cast.act("olga", "storekeeper");
    let added = companies::actions::add_contact(&act, &olga, company, new).await;
    let form = erasures::forms::ErasureForm {
        name: "Storekeeper".to_owned(),
        ground: "asked".to_owned(),
        ..Default::default()
    };
    let (contact, erasing) = (added.expect("a person"), form.read().expect("is meant"));
    let act = cast.act("olga", "erasure");
    let done = erasures::actions::erase(&act, &olga, contact, &erasing).await;
    done.expect("is erased").to_string()
}

/// A pair of companies nobody leads, a tie of two more, and a merge that was undone.
async fn merged(cast: &Cast, records: &mut BTreeMap<&'static str, String>) {
    let mut all = Vec::new();
    for name in ["Oats", "Oats and sons", "Rye", "Rye and sons", "Hops", "Hops and sons"] {
        let act = cast.act("anna", name);
        let mut tx = act.db.begin().await.expect("begins");
        let new = companies::NewCompany { name: name.to_owned(), ..Default::default() };
        let id = companies::actions::add_in(&mut tx, &act, new).await.expect("a company");
        tx.commit().await.expect("is kept");
        let mut tx = cast.app.db.read().await.expect("reads");
        let company = companies::actions::find(&mut tx, cast.org, id).await.expect("reads");
        all.push(company.expect("a company"));
    }
    let anna = cast.viewer("anna").await;
    let pair = async |key: &str, one: usize| {
        let (act, other) = (cast.act("anna", key), all[one + 1].number);
        merges::actions::name_pair(&act, &anna, all[one].id, other).await.expect("a pair")
    };
    records.insert("pair", pair("named", 0).await.to_string());
    let tied = pair("tied", 2).await;
    let group = merges::actions::Answer::Apart(merges::PairState::Group);
    let act = cast.act("anna", "group");
    merges::actions::decide(&act, &anna, tied, 1, &group).await.expect("is decided");
    let mut tx = cast.app.db.read().await.expect("reads");
    let relatives = companies::actions::list_relatives(&mut tx, cast.org, all[2].id).await;
    records.insert("tie", relatives.expect("reads").remove(0).tie.id.to_string());
    drop(tx);
    let merging = merges::actions::Merging {
        survivor: (all[4].id, 1),
        loser: (all[5].id, 1),
        taken: Vec::new(),
        apart: Default::default(),
    };
    let act = cast.act("anna", "merge");
    let merge = merges::actions::merge(&act, &anna, &merging).await.expect("is merged");
    records.insert("merge", merge.to_string());
    // It was undone, and what came in between is for somebody to place.
    cast.clock.advance_ms(1_000);
    let act = cast.act("anna", "in between");
    let note = companies::actions::write_note(&act, &anna, all[4].id, "They moved").await;
    records.insert("stray", note.expect("is noted").to_string());
    let act = cast.act("anna", "part");
    merges::actions::undo(&act, &anna, merge).await.expect("is undone");
}

/// A number and a person of that company.
async fn parts(cast: &Cast, records: &mut BTreeMap<&'static str, String>, company: CompanyId) {
    let anna = cast.viewer("anna").await;
    let new = companies::NewContact { name: "Director".to_owned(), ..Default::default() };
    let act = cast.act("anna", "contact");
    let added = companies::actions::add_contact(&act, &anna, company, new).await;
    records.insert("contact", added.expect("a person").to_string());
    // A letter of Anna's, from before they asked not to be written to.
    let sent = crate::letters::forms::LetterSent {
        way: "post".to_owned(),
        subject: "The price list".to_owned(),
        is_answer: true,
        ..Default::default()
    };
    let act = cast.act("anna", "letter");
    let new = crate::letters::forms::LetterForm::from(sent).read(&anna.zone, act.now);
    let new = new.expect("is meant");
    let letter = crate::letters::actions::record(&act, &anna, company, &new).await;
    records.insert("letter", letter.expect("is recorded").to_string());
    let (channel, reason) = (companies::Channel::Letter, companies::SuppressReason::Asked);
    let act = cast.act("anna", "ban");
    let wanted = crate::companies::suppression::Wanted::whole(channel, reason);
    let ban = crate::calls::complaints::suppress(&act, &anna, company, wanted).await;
    records.insert("suppression", ban.expect("banned").to_string());
    let mut tx = cast.app.db.read().await.expect("reads");
    let phones = companies::actions::list_phones(&mut tx, cast.org, company).await;
    let phones = phones.expect("reads");
    records.insert("phone", phones.first().expect("a number").id.to_string());
}

/// A file that Anna brought and did not commit.
async fn import(cast: &Cast) -> String {
    let file = imports::actions::NewFile {
        name: "base.csv".to_owned(),
        content: imports::spool::Content::of(b"Name;Phone\nFlax;8 495 223-45-67\n").expect("kept"),
        origin: imports::Origin::default(),
    };
    let act = cast.act("anna", "file");
    let id = imports::actions::bring(&act, file).await.expect("is brought");
    imports::actions::check(&act, id).await.expect("is checked");
    id.to_string()
}

/// A token of Boris.
async fn token(cast: &Cast) -> String {
    let secret = Secret(session::fresh_secret().expect("chance"));
    let act = cast.act("boris", "own token");
    let made = people::actions::make_token(&act, cast.id("boris"), "own", "*:read", &secret).await;
    made.expect("a token").to_string()
}

/// A talk of Sonya that Boris booked, and that has begun.
async fn meeting(cast: &Cast, company: CompanyId) -> String {
    let act = cast.act("boris", "meeting");
    let new = NewMeeting {
        company,
        campaign: None,
        lead: None,
        contact: None,
        booker: cast.id("boris"),
        host: Some(cast.id("sonya")),
        starts_at: act.now.plus_minutes(1),
        minutes: 30,
        place: "At theirs".to_owned(),
    };
    let mut tx = act.db.begin().await.expect("begins");
    let meeting = meetings::actions::book_in(&mut tx, &act, new).await.expect("is booked");
    tx.commit().await.expect("is kept");
    cast.clock.advance_ms(MINUTE_MS);
    meeting.to_string()
}

/// A campaign of Anna; a lead that qualified and is offered to Sonya; a call of Boris; a lead that
/// he holds.
async fn calling(cast: &Cast, records: &mut BTreeMap<&'static str, String>) {
    let campaign = floor::make_campaign(cast, "rights", CallingPolicy::default()).await;
    let anna = cast.viewer("anna").await;
    leads::actions::launch(&cast.act("anna", "launch"), &anna, campaign).await.expect("launches");
    let boris = cast.viewer("boris").await;
    let lease = async |key: &str| {
        let act = cast.act("boris", key);
        leads::leasing::lease(&act, &boris, campaign).await.expect("leases").expect("a lead").lead
    };
    let qualified = lease("first").await;
    let act = cast.act("boris", "qualify");
    let mut tx = act.db.begin().await.expect("begins");
    let lead = leads::actions::find(&mut tx, cast.org, qualified).await.expect("reads");
    let company = lead.company;
    let settled = (&lead, CallId::fresh(cast.clock.now()));
    let next = (&Next::Offered, None);
    leads::leasing::settle_in(&mut tx, &act, settled, next).await.expect("is offered");
    let passport = json!({ "who": "Director", "need": "Chairs", "next_step": "Samples" });
    Event::new(Kind::LeadQualified, qualified)
        .company(company)
        .campaign(campaign)
        .person(cast.id("boris"))
        .tier(1)
        .with("meeting", json!(null))
        .record(&mut tx, &act)
        .await
        .expect("an event");
    let answers = crate::campaigns::passport::from_json(&passport);
    let kept = leads::actions::keep_passport_in(&mut tx, cast.org, qualified, &answers);
    kept.await.expect("kept");
    tx.commit().await.expect("is kept");
    cast.settle().await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let sonya = cast.viewer("sonya").await.scope();
    let offers = handoffs::actions::list_waiting(&mut tx, &sonya, 9).await.expect("reads");
    records.insert("handoff", offers.first().expect("an offer to Sonya").id.to_string());
    drop(tx);
    records.insert("campaign", campaign.to_string());
    let called = lease("second").await;
    sound(cast, records, called).await;
    let form = CallForm {
        generation: 1,
        outcome: "not_reached".to_owned(),
        then: "pause".to_owned(),
        ..CallForm::default()
    };
    let act = cast.act("boris", "call");
    let call = calls::actions::record(&act, &boris, called, &form).await.expect("is recorded").call;
    records.insert("call", call.to_string());
    records.insert("lead", lease("third").await.to_string());
}

/// An exchange of somebody else's that tells of its calls.
async fn connector(cast: &Cast) -> String {
    let form = telephony::connectors::ConnectorForm {
        name: "Office".to_owned(),
        provider: "generic".to_owned(),
        ..Default::default()
    };
    let made = telephony::connectors::make(&cast.act("alla", "connector"), &form).await;
    made.expect("a connector").0.to_string()
}

/// The company in Boris's hands calls.
async fn incoming(cast: &Cast, lead: &str) -> String {
    let mut tx = cast.app.db.read().await.expect("reads");
    let lead = lead.parse().expect("an id");
    let company = leads::actions::find(&mut tx, cast.org, lead).await.expect("reads").company;
    let phones = companies::actions::list_phones(&mut tx, cast.org, company).await;
    let number = phones.expect("reads").remove(0).phone.e164;
    drop(tx);
    let act = rig::act(cast);
    telephony::hosted::incoming::tell_of_trunk(&act, &number).await.expect("is told");
    let boris = cast.viewer("boris").await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let now = cast.clock.now();
    let shown = telephony::hosted::incoming::list_shown(&mut tx, &boris, 1, now).await;
    shown.expect("reads").remove(0).0.id.to_string()
}

/// A call of Boris to the lead in his hands, and its sound, whose file is gone.
async fn sound(cast: &Cast, records: &mut BTreeMap<&'static str, String>, lead: LeadId) {
    let folder = tempfile::tempdir().expect("a folder");
    let line = rig::Played::recording(folder.path());
    let mut exchange = rig::connect(cast, line, &["boris"]).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let company = leads::actions::find(&mut tx, cast.org, lead).await.expect("reads").company;
    drop(tx);
    let grant = leads::Grant { lead, company, generation: 1, until: cast.clock.now() };
    let attempt = rig::place(cast, "boris", grant).await.expect("is placed");
    exchange.step().await.expect("is dialled");
    for event in rig::answered(cast, attempt, "gone.wav") {
        telephony::actions::keep(&rig::act(cast), &event, 30).await.expect("is kept");
    }
    let mut tx = cast.app.db.read().await.expect("reads");
    let attempts = telephony::actions::list_of_lead(&mut tx, cast.org, lead).await.expect("reads");
    let olga = cast.viewer("olga").await;
    let (of, now) = ((lead, attempts.as_slice()), cast.clock.now());
    let heard = telephony::recordings::list_heard(&mut tx, &olga, of, now).await;
    records.insert("attempt", attempt.to_string());
    records.insert("recording", heard.expect("reads").first().expect("one").id.to_string());
}

/// What Sonya sells.
async fn selling(cast: &Cast, records: &mut BTreeMap<&'static str, String>, company: CompanyId) {
    let sonya = cast.viewer("sonya").await;
    let act = cast.act("sonya", "sales");
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewOpportunity {
        company,
        campaign: None,
        handoff: None,
        owner: sonya.id(),
        team: sonya.user.team,
        is_upsell: false,
        need: String::new(),
        passport: json!({}),
        next: None,
    };
    let opportunity = opportunities::actions::open_in(&mut tx, &act, new).await.expect("opens");
    let new = NewContract {
        opportunity: OpportunityId::fresh(act.now),
        company,
        campaign: None,
        seller: sonya.id(),
        team: sonya.user.team,
        value: Money::new(10_000_000, Currency::Rub),
        term_from: act.now,
        term_to: act.now.plus_days(365),
    };
    let contract = contracts::actions::sign_in(&mut tx, &act, new).await.expect("signs");
    let promised = NewPromise {
        company,
        campaign: None,
        words: "Send the price list".to_owned(),
        due_at: act.now.plus_days(2),
        holder: Some(sonya.id()),
    };
    let promise = promises::actions::make_in(&mut tx, &act, promised).await.expect("promises");
    tx.commit().await.expect("is kept");
    let act = cast.act("sonya", "details");
    let details = Details {
        need: "Chairs".to_owned(),
        amount: Some(Money::new(10_000_000, Currency::Rub)),
        next_step: "Call".to_owned(),
        next_step_at: Some(act.now.plus_days(1)),
        expected_close_on: None,
    };
    let kept = opportunities::actions::keep_details(&act, &sonya, opportunity, 1, details).await;
    kept.expect("is kept");
    let today = Instant::from_local(act.now.day(&sonya.zone).at(0, 0, 0, 0), &sonya.zone);
    let amount = Money::new(1_000_000, Currency::Rub);
    let new = NewPayment { amount, paid_on: today, note: String::new() };
    let act = cast.act("sonya", "payment");
    let payment = contracts::actions::enter_payment(&act, &sonya, contract, new).await;
    records.insert("payment", payment.expect("a payment").to_string());
    records.insert("opportunity", opportunity.to_string());
    records.insert("contract", contract.to_string());
    records.insert("promise", promise.to_string());
}

/// A client of Vera, with all that hangs on it.
async fn serving(cast: &Cast, records: &mut BTreeMap<&'static str, String>, company: CompanyId) {
    let vera = cast.viewer("vera").await;
    let act = cast.act("vera", "client");
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewClient {
        company,
        contract: ContractId::fresh(act.now),
        campaign: None,
        handoff: None,
        owner: vera.id(),
        team: vera.user.team,
    };
    let client = clients::actions::open_in(&mut tx, &act, new).await.expect("opens");
    let lead = companies::actions::set_lead_in(&mut tx, &act, company, Some(vera.id()), 3).await;
    lead.expect("leads");
    tx.commit().await.expect("is kept");
    cast.settle().await;
    let new = NewOrder {
        title: "A stand".to_owned(),
        amount: Money::new(5_000_000, Currency::Rub),
        due_at: act.now.plus_days(9),
    };
    let act = cast.act("vera", "order");
    let order = clients::orders::actions::open(&act, &vera, client, new).await.expect("an order");
    let act = cast.act("vera", "version");
    let file = SentFile { name: "sketch.pdf".to_owned(), bytes: b"a drawing".to_vec() };
    let added =
        clients::orders::actions::add_prototype(&act, &vera, order, "A sketch", Some(file)).await;
    let prototype = added.expect("a version").0;
    let secret = session::fresh_secret().expect("chance");
    let act = cast.act("vera", "send");
    clients::orders::actions::send(&act, &vera, prototype, &secret).await.expect("sends");
    let new = NewDate {
        contact: None,
        person_name: "Director".to_owned(),
        what: "birthday".to_owned(),
        month: 12,
        day: 1,
        year: None,
        days_ahead: 3,
    };
    let date = clients::dates::actions::note(&cast.act("vera", "date"), &vera, client, new).await;
    let new = NewTask {
        person: vera.id(),
        company: Some(company),
        what: "Ask how the stand was liked".to_owned(),
        due_at: act.now.plus_days(3),
        origin: tasks::Origin::Person,
        once: None,
    };
    let task = tasks::actions::add(&cast.act("vera", "task"), &vera, new).await.expect("a task");
    records.insert("task", task.to_string());
    records.insert("client", client.to_string());
    records.insert("order", order.to_string());
    records.insert("prototype", prototype.to_string());
    records.insert("approval", secret);
    records.insert("date", date.expect("a date").to_string());
}
