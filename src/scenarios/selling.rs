//! What happens between the tiers and in tier 2: offers, the board, contracts, money.

use super::people::Person;
use super::screens::Page;

impl Person<'_> {
    /// The offers that wait for an answer.
    pub async fn inbox(&self) -> Page {
        self.opens("/handoffs?view=inbox").await
    }
    /// What was given, and what became of it.
    pub async fn given(&self) -> Page {
        self.opens("/handoffs?view=given").await
    }
    /// A head sees to it that an offer is for that seller.
    pub async fn deals(&self, company: &str, to: &str) {
        let all = self.opens("/handoffs?view=all&state=offered").await;
        let row = all.row(company);
        if row.text().contains(&format!("{to} of the cast")) {
            return;
        }
        let handoff = row.link(company);
        let to = self.firm.id(to);
        self.fills(&handoff, &format!("{handoff}/receiver"), &[("to", &to)]).await;
    }
    /// Takes an offer; says where what it opened is.
    pub async fn accepts(&self, company: &str) -> String {
        let inbox = self.inbox().await;
        let action = inbox.card(company).action("/acceptance");
        let taken = self.sends(&inbox, &action, &[]).await;
        taken.says(&format!("Accepted: {company}")).link("Open O")
    }
    /// Sends an offer back.
    pub async fn rejects(&self, company: &str, reason: &str, comment: &str) {
        let inbox = self.inbox().await;
        let action = inbox.card(company).action("/rejection");
        let left = self.sends(&inbox, &action, &[("reason", reason), ("comment", comment)]).await;
        left.hides(company);
    }
    /// Contests a rejection.
    pub async fn contests(&self, company: &str, words: &str) {
        let handoff = self.given().await.row(company).link(company);
        self.fills(&handoff, &format!("{handoff}/dispute"), &[("words", words)]).await;
    }
    /// Decides that a rejection was wrong; the lead is offered to that seller.
    pub async fn overturns(&self, company: &str, words: &str, to: &str) {
        let disputes = self.opens("/handoffs?view=disputes").await;
        let handoff = disputes.card(company).link(company);
        let to = self.firm.id(to);
        let typed = [("decision", "overturned"), ("words", words), ("to", to.as_str())];
        self.fills(&handoff, &format!("{handoff}/decision"), &typed).await;
    }

    /// Moves a card of the board to another stage.
    pub async fn moves(&self, company: &str, stage: &str) {
        let board = self.opens("/pipeline").await;
        let action = board.card(company).action("/stage");
        let moved = self.sends(&board, &action, &[("stage", stage)]).await;
        assert_eq!(moved.status.as_u16(), 200, "{}", moved.text());
    }
    /// Says what is known of an opportunity and what is done next.
    pub async fn plans(&self, opportunity: &str, amount: &str, (step, at): (&str, &str)) -> Page {
        let typed = [
            ("amount", amount),
            ("next_step", step),
            ("next_step_at", at),
            ("expected_close_on", "2026-11-20"),
        ];
        self.fills(opportunity, &format!("{opportunity}/details"), &typed).await
    }
    /// Promises something to the client.
    pub async fn promises(&self, opportunity: &str, words: &str, due: &str) {
        let typed = [("promise_words", words), ("promise_due", due)];
        let page = self.fills(opportunity, &format!("{opportunity}/promises"), &typed).await;
        page.says(words);
    }
    /// Keeps a promise.
    pub async fn keeps(&self, words: &str) {
        let page = self.opens("/promises").await;
        let action = page.row(words).action("/answer");
        self.sends(&page, &action, &[("state", "kept")]).await.hides(words);
    }
    /// Gives an opportunity up.
    pub async fn loses(&self, opportunity: &str, reason: &str, note: &str) -> Page {
        let typed = [("reason", reason), ("note", note)];
        self.fills(opportunity, &format!("{opportunity}/loss"), &typed).await
    }
    /// Wins an opportunity; says where the contract is.
    pub async fn wins(&self, opportunity: &str, value: &str, (from, to): (&str, &str)) -> String {
        let typed = [("value", value), ("term_from", from), ("term_to", to)];
        self.fills(opportunity, &format!("{opportunity}/win"), &typed).await.path
    }
    /// Enters money that came in.
    pub async fn enters_a_payment(&self, contract: &str, amount: &str, day: &str) -> Page {
        let typed = [("amount", amount), ("paid_on", day)];
        self.fills(contract, &format!("{contract}/payments"), &typed).await
    }
    /// Takes a payment back that was entered by mistake.
    pub async fn takes_back(&self, contract: &str, amount: &str) -> Page {
        let page = self.opens(contract).await;
        let action = page.row(amount).action("/reversal");
        self.sends(&page, &action, &[("reason", "mistake")]).await
    }
    /// A meeting with a company took place, or did not, and why.
    pub async fn marks(&self, company: &str, mark: &str) -> Page {
        let meeting = self.opens("/meetings").await.row(company).link(company);
        self.fills(&meeting, &format!("{meeting}/mark"), &[("mark", mark)]).await
    }
}
