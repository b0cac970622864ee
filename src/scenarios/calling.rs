//! What happens in tier 1: files, campaigns, the queue, the cockpit.

use super::people::Person;
use super::screens::Page;

/// What callers of the story say.
const SCRIPT: &str = "# Opening\n> Good day, {contact}, this is {me} of Flax and Sons.\n\
                      [ ] Named the firm\n? Too expensive\n> Compare it with an idle day.\n";

/// A company in a caller's hands.
pub struct Held {
    /// The cockpit.
    pub page: Page,
    /// Which company.
    pub company: String,
    /// The address of the lead.
    lead: String,
}

impl Held {
    fn of(page: Page) -> Option<Self> {
        let lead = page.path.clone();
        let company = page.heading();
        lead.starts_with("/leads/").then_some(Self { page, company, lead })
    }
    /// It is that company.
    #[track_caller]
    pub fn is(&self, company: &str) -> &Self {
        assert_eq!(self.company, company);
        self
    }
}

impl Person<'_> {
    /// Brings a file onto the page of imports; its rows are judged, nothing is written.
    pub async fn drops_the_file(&self, name: &str, bytes: &[u8]) -> Page {
        let page = self.opens("/imports").await;
        let from = [
            ("source", "Trade fair, October"),
            ("basis_kind", "public_source"),
            ("basis_source", "The fair's catalogue"),
        ];
        let page = self.attaches(&page, "/imports", &from, (name, bytes)).await;
        self.opens(&page.path).await
    }
    /// Writes the file into the base.
    pub async fn commits(&self, import: &Page) -> Page {
        let sent = self.sends(import, &import.action("/commitment"), &[]).await;
        self.opens(&sent.path).await
    }
    /// Takes the whole file back out of the base.
    pub async fn undoes(&self, import: &Page) -> Page {
        let sent = self.sends(import, &import.action("/undoing"), &[]).await;
        self.opens(&sent.path).await
    }

    /// Makes a campaign over the companies of a city, and says where it is.
    pub async fn makes_a_campaign(&self, name: &str, city: &str, policy: &str) -> String {
        let wishes = [
            ("name", name),
            ("city", city),
            ("engagement", policy),
            ("purpose", "contract"),
            ("legal_basis", "public_source"),
            ("open_from", "09:00"),
            ("open_to", "18:00"),
            ("attempts_max", "5"),
            ("pressure_max", "3"),
            ("pressure_days", "7"),
            ("lease_seconds", "900"),
            ("acceptance_minutes", "240"),
            ("wants_who", "on"),
            ("wants_need", "on"),
            ("wants_timing", ""),
            ("wants_promises", ""),
            ("wants_next_step", "on"),
            ("pays_lead_accepted", "on"),
            ("pays_meeting_held", "on"),
            ("script", SCRIPT),
        ];
        let page = self.opens("/campaigns/new").await;
        let count: Vec<_> = wishes.into_iter().chain([("act", "count")]).collect();
        let counted = self.sends(&page, "/campaigns", &count).await;
        assert!(counted.text().contains(" companies"), "{}", counted.text());
        let save: Vec<_> = wishes.into_iter().chain([("act", "save")]).collect();
        let made = self.sends(&counted, "/campaigns", &save).await;
        made.says(name);
        made.path
    }
    /// Takes somebody into a tier of a campaign.
    pub async fn adds(&self, campaign: &str, login: &str, tier: &str) {
        let member = [("user", self.firm.id(login)), ("tier", tier.to_owned())];
        let member = member.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.fills(campaign, &format!("{campaign}/members"), &member).await;
    }
    /// Starts the calling.
    pub async fn launches(&self, campaign: &str) -> Page {
        self.fills(campaign, &format!("{campaign}/launch"), &[]).await
    }

    /// Sits down and takes the next company of the campaign.
    pub async fn takes_the_next(&self, campaign: &str) -> Option<Held> {
        let desk = self.opens("/desk").await;
        if let Some(held) = Held::of(desk.clone()) {
            return Some(held);
        }
        Held::of(self.sends(&desk, &format!("{campaign}/lease"), &[]).await)
    }
    /// Writes both results of a call down and holds the next company.
    pub async fn records(&self, held: &Held, typed: &[(&str, &str)]) -> Option<Held> {
        let next = self.sends(&held.page, &format!("{}/calls", held.lead), typed).await;
        assert_eq!(next.status.as_u16(), 200, "{typed:?}: {}", next.text());
        Held::of(next)
    }
    /// They said no, and why.
    pub async fn hears_no(&self, held: &Held, reason: &str) -> Option<Held> {
        self.records(held, &[("outcome", "refusal"), ("reason", reason)]).await
    }
    /// They asked to be called at a time.
    pub async fn will_call(&self, held: &Held, when: &str, note: &str) -> Option<Held> {
        let typed = [("outcome", "callback"), ("callback", when), ("note", note)];
        self.records(held, &typed).await
    }
    /// They asked never to be called again.
    pub async fn is_told_never_again(&self, held: &Held) -> Option<Held> {
        self.records(held, &[("outcome", "do_not_call")]).await
    }
    /// Something else came of it.
    pub async fn notes(&self, held: &Held, outcome: &str) -> Option<Held> {
        self.records(held, &[("outcome", outcome)]).await
    }
    /// They want it: the passport is filled in and, where a time was agreed, a meeting booked.
    pub async fn qualifies(&self, held: &Held, need: &str, meeting: &str) -> Option<Held> {
        let typed = [
            ("outcome", "qualified"),
            ("passport_who", "The director decides"),
            ("passport_need", need),
            ("passport_next_step", "Show samples"),
            ("meeting", meeting),
            ("meeting_place", if meeting.is_empty() { "" } else { "At their office" }),
            ("cp1", "on"),
        ];
        self.records(held, &typed).await
    }
}
