//! What happens in tier 3, and what its client does on the page of their own.

use super::people::Person;
use super::screens::Page;

impl Person<'_> {
    /// Does the next step of the onboarding; says how many are done.
    pub async fn ticks(&self, client: &str) -> Page {
        self.fills(client, &format!("{client}/onboarding"), &[("done", "yes")]).await
    }
    /// Opens an order.
    pub async fn opens_an_order(&self, client: &str, title: &str, amount: &str) {
        let typed = [("title", title), ("amount", amount), ("due", "2026-11-30")];
        self.fills(client, &format!("{client}/orders"), &typed).await.says(title);
    }
    /// Adds a version of an order and makes a link for the client.
    pub async fn shows_a_version(&self, client: &str, title: &str, words: &str) -> String {
        let page = self.opens(client).await;
        let action = page.card(title).action("/prototypes");
        let file = ("mock-up.txt", words.as_bytes());
        let added = self.attaches(&page, &action, &[("description", words)], file).await;
        let action = added.card(title).action("/link");
        let sent = self.sends(&added, &action, &[]).await;
        let link = sent.field("link");
        link.strip_prefix("http://localhost").expect("a link of this firm").to_owned()
    }
    /// The client comments on the version behind the link.
    pub async fn comments_on(&self, link: &str, words: &str) -> Page {
        let typed = [("answer", "commented"), ("comment", words), ("name", "Vera K.")];
        self.fills(link, link, &typed).await
    }
    /// The client approves the version behind the link.
    pub async fn approves(&self, link: &str) -> Page {
        self.fills(link, link, &[("answer", "approved"), ("name", "Vera K.")]).await
    }
    /// Delivers an order.
    pub async fn delivers(&self, client: &str, title: &str) -> Page {
        let page = self.opens(client).await;
        let action = page.card(title).action("/delivery");
        self.sends(&page, &action, &[]).await
    }
    /// Notes a day that matters to somebody at the client.
    pub async fn notes_a_date(&self, client: &str, whose: &str, what: &str, day: (&str, &str)) {
        let typed = [
            ("person_name", whose),
            ("what", what),
            ("day", day.0),
            ("month", day.1),
            ("days_ahead", "3"),
        ];
        self.fills(client, &format!("{client}/dates"), &typed).await.says(whose);
    }
    /// Offers the client back to sales, where they may buy more.
    pub async fn hands_back_to_sales(&self, client: &str, need: &str) -> Page {
        let typed = [("passport_need", need), ("passport_next_step", "Call on Thursday")];
        self.fills(&format!("{client}/upsell"), &format!("{client}/upsell"), &typed).await
    }
}
