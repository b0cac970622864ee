//! Screens as a person meets them: what a page says, where its links lead, and its forms, sent
//! with everything that stands in them. A field that a page does not show cannot be filled in.

use axum::http::StatusCode;

use crate::cast::{Client, Reply};

/// A page that was opened.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it is.
    pub path: String,
    /// How it was answered.
    pub status: StatusCode,
    body: String,
}

/// A tag of a page.
struct Tag<'b> {
    name: &'b str,
    inside: &'b str,
    /// Where it begins and where it ends.
    at: usize,
    end: usize,
}

impl Tag<'_> {
    /// An attribute as it is meant; empty where it has no value.
    fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.inside;
        loop {
            rest = rest.trim_start();
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (found, after) = rest.split_at(end);
            if found.is_empty() && after.is_empty() {
                return None;
            }
            let (value, after) = match after.strip_prefix('=') {
                None => ("", after),
                Some(quoted) => match quoted.strip_prefix('"') {
                    Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                    None => {
                        let end = quoted.find(char::is_whitespace).unwrap_or(quoted.len());
                        quoted.split_at(end)
                    }
                },
            };
            if found == name {
                return Some(meant(value));
            }
            rest = after;
        }
    }
    fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }
}

fn tags(body: &str) -> impl Iterator<Item = Tag<'_>> {
    body.match_indices('<').filter_map(|(at, _)| {
        let rest = &body[at + 1..];
        let mut is_quoted = false;
        let end = rest.find(|c| {
            is_quoted ^= c == '"';
            c == '>' && !is_quoted
        })?;
        let inside = &rest[..end];
        let name = inside.split(char::is_whitespace).next()?;
        Some(Tag { name, inside: &inside[name.len()..], at, end: at + end + 2 })
    })
}

/// Text of a page as it is read.
fn meant(text: &str) -> String {
    let mut text = text.to_owned();
    for (code, letter) in
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&quot;", "\"")]
    {
        text = text.replace(code, letter);
    }
    text = text.replace("&nbsp;", " ").replace(['\u{a0}', '\u{202f}'], " ");
    text.replace("&#38;", "&").replace("&amp;", "&")
}

/// What stands between tags, with single spaces.
fn read(body: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for letter in body.chars() {
        match letter {
            '<' => is_tag = true,
            '>' if is_tag => {
                is_tag = false;
                text.push(' ');
            }
            _ if !is_tag => text.push(letter),
            _ => {}
        }
    }
    meant(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A control of a form: its name, what would be sent, and what may be chosen.
#[derive(Debug, Clone)]
struct Control {
    name: String,
    value: Option<String>,
    choices: Vec<String>,
}

impl Page {
    /// What came back from `path`.
    pub fn of(path: &str, reply: Reply) -> Self {
        let page = Self { path: path.to_owned(), status: reply.status, body: reply.body };
        assert!(!page.body.contains('⟦'), "a word of {path} has no text: {}", page.body);
        page
    }
    /// All that the page says, without its frame.
    pub fn text(&self) -> String {
        let main = self.body.split_once("<main").map_or(self.body.as_str(), |(_, main)| main);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        read(main.split_once('>').map_or(main, |(_, main)| main))
    }
    /// The page says a text.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        let all = self.text();
        assert!(all.contains(text), "{} does not say «{text}», but: {all}", self.path);
        self
    }
    /// The page does not say a text.
    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        let all = self.text();
        assert!(!all.contains(text), "{} says «{text}»: {all}", self.path);
        self
    }
    /// Where all links of the page lead.
    pub fn links(&self) -> Vec<String> {
        let anchors = tags(&self.body).filter(|tag| tag.name == "a");
        anchors.filter_map(|tag| tag.attribute("href")).collect()
    }
    /// Where the links lead whose address begins so, each once.
    pub fn links_to(&self, beginning: &str) -> Vec<String> {
        let mut found = self.links();
        found.retain(|href| href.starts_with(beginning));
        found.sort();
        found.dedup();
        found
    }
    /// Where the link leads that says so.
    #[track_caller]
    pub fn link(&self, text: &str) -> String {
        let found = tags(&self.body).filter(|tag| tag.name == "a").find(|tag| {
            let inner = self.body[tag.end..].split("</a>").next().unwrap_or_default();
            read(inner).contains(text)
        });
        let href = found.and_then(|tag| tag.attribute("href"));
        href.unwrap_or_else(|| panic!("{} has no link «{text}»: {}", self.path, self.text()))
    }
    /// Its first heading.
    pub fn heading(&self) -> String {
        let heading = self.body.split("<h1").nth(1).and_then(|rest| rest.split_once('>'));
        read(heading.map_or("", |(_, rest)| rest.split("</h1>").next().unwrap_or_default()))
    }
    /// What stands in the field with that id.
    #[track_caller]
    pub fn field(&self, id: &str) -> String {
        let found = tags(&self.body).find(|tag| tag.attribute("id").as_deref() == Some(id));
        let value = found.and_then(|tag| tag.attribute("value"));
        value.unwrap_or_else(|| panic!("{} has no field {id}: {}", self.path, self.text()))
    }
    /// The part of the page between two marks that says a text, with the page's own address.
    #[track_caller]
    fn between(&self, (from, until): (&str, &str), text: &str) -> Self {
        let parts = self.body.split(from).skip(1);
        let found = parts.filter_map(|part| part.split(until).next()).find(|part| {
            read(part.split_once('>').map_or(part, |(_, inner)| inner)).contains(text)
        });
        let body =
            found.unwrap_or_else(|| panic!("{} shows no «{text}»: {}", self.path, self.text()));
        Self { body: format!("{from}{body}"), ..self.clone() }
    }
    /// The row of a table that says a text.
    #[track_caller]
    pub fn row(&self, text: &str) -> Self {
        self.between(("<tr", "</tr>"), text)
    }
    /// The card that says a text.
    #[track_caller]
    pub fn card(&self, text: &str) -> Self {
        self.between(("<article", "</article>"), text)
    }
    /// How many rows its tables have.
    pub fn rows(&self) -> usize {
        let bodies = self.body.split("<tbody>").skip(1);
        bodies
            .map(|body| body.split("</table>").next().unwrap_or_default().matches("<tr").count())
            .sum()
    }
    /// The actions of the forms of the page that end so.
    pub fn actions(&self, ending: &str) -> Vec<String> {
        let forms = tags(&self.body).filter(|tag| tag.name == "form");
        let actions = forms.filter_map(|tag| tag.attribute("action"));
        actions.filter(|action| action.ends_with(ending)).collect()
    }
    /// The one form whose action ends so.
    #[track_caller]
    pub fn action(&self, ending: &str) -> String {
        let all = self.actions(ending);
        all.first()
            .cloned()
            .unwrap_or_else(|| panic!("{} has no form …{ending}: {}", self.path, self.text()))
    }

    /// The controls of the first form with that action which has all those names.
    fn form(&self, action: &str, names: &[(&str, &str)]) -> Option<Vec<Control>> {
        let forms = tags(&self.body)
            .filter(|tag| tag.name == "form" && tag.attribute("action").as_deref() == Some(action));
        forms
            .map(|form| {
                let end =
                    self.body[form.at..].find("</form>").map_or(self.body.len(), |n| form.at + n);
                let id = form.attribute("id");
                self.controls((form.at, end), id.as_deref())
            })
            .find(|controls| {
                names.iter().all(|(name, _)| controls.iter().any(|one| one.name == *name))
            })
    }

    fn controls(&self, (from, until): (usize, usize), id: Option<&str>) -> Vec<Control> {
        let kinds = ["input", "select", "textarea", "button"];
        let belongs = |tag: &Tag<'_>| match tag.attribute("form") {
            Some(form) => Some(form.as_str()) == id,
            None => (from..until).contains(&tag.at),
        };
        let own = tags(&self.body).filter(|tag| kinds.contains(&tag.name) && belongs(tag));
        own.filter_map(|tag| Some(self.control(&tag, tag.attribute("name")?))).collect()
    }

    fn control(&self, tag: &Tag<'_>, name: String) -> Control {
        let value = tag.attribute("value");
        let inner = |end| self.body[tag.end..].split(end).next().unwrap_or_default();
        let kind = tag.attribute("type").unwrap_or_default();
        let (value, choices) = match (tag.name, kind.as_str()) {
            ("textarea", _) => {
                (Some(meant(inner("</textarea>").trim_start_matches('\n'))), Vec::new())
            }
            ("select", _) => {
                let inner = inner("</select>");
                let options: Vec<Tag<'_>> =
                    tags(inner).filter(|tag| tag.name == "option").collect();
                let value = |option: &Tag<'_>| {
                    let text = inner[option.end..].split('<').next().unwrap_or_default();
                    option.attribute("value").unwrap_or_else(|| read(text))
                };
                let chosen = options.iter().find(|option| option.has("selected"));
                let chosen = chosen.or(options.first()).map(value);
                (chosen, options.iter().map(value).collect())
            }
            ("button", _) => (None, vec![value.unwrap_or_default()]),
            ("input", "checkbox" | "radio") => {
                let value = value.unwrap_or_else(|| "on".to_owned());
                (tag.has("checked").then(|| value.clone()), vec![value])
            }
            _ => (Some(value.unwrap_or_default()), Vec::new()),
        };
        Control { name, value, choices }
    }

    /// What a browser would send for the form with that action, filled in so.
    #[track_caller]
    fn filled(&self, action: &str, typed: &[(&str, &str)]) -> (Vec<(String, String)>, String) {
        let controls = self.form(action, typed).unwrap_or_else(|| {
            panic!("{} has no form {action} with {typed:?}: {}", self.path, self.body)
        });
        let mut fields: Vec<(String, String)> = Vec::new();
        for control in &controls {
            let said = typed.iter().find(|(name, _)| *name == control.name);
            if said.is_none()
                && let Some(value) = &control.value
            {
                fields.push((control.name.clone(), value.clone()));
            }
        }
        for (name, value) in typed {
            let own = controls.iter().filter(|control| control.name == *name);
            let choices: Vec<&String> = own.flat_map(|control| &control.choices).collect();
            let is_possible = choices.is_empty() || choices.iter().any(|choice| choice == value);
            assert!(is_possible || value.is_empty(), "{name} may be {choices:?}, not {value}");
            if choices.is_empty() || !value.is_empty() {
                fields.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        let key = fields.iter().find(|(name, _)| name == "_key").map(|(_, key)| key.clone());
        fields.retain(|(name, _)| name != "_key" && name != "_csrf");
        (fields, key.unwrap_or_else(|| panic!("the form {action} has no key")))
    }
}

/// Opens a page; whatever it answers.
pub async fn look(client: &Client<'_>, path: &str) -> Page {
    let path = path.split('#').next().unwrap_or(path);
    let mut reply = client.get(path).await;
    let mut at = path.to_owned();
    while let Some(next) = reply.location.clone() {
        at = next.split('#').next().unwrap_or_default().to_owned();
        reply = client.get(&at).await;
    }
    Page::of(&at, reply)
}

/// Opens a page that must be there.
pub async fn open(client: &Client<'_>, path: &str) -> Page {
    let page = look(client, path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
    page
}

/// Sends a form of a page, filled in so, and goes where it leads.
pub async fn send(client: &Client<'_>, page: &Page, action: &str, typed: &[(&str, &str)]) -> Page {
    let (fields, key) = page.filled(action, typed);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let reply = client.post_with_key(action, &fields, &key).await;
    match reply.location.clone() {
        Some(next) => open(client, &next).await,
        None => Page::of(action, reply),
    }
}

/// Sends a form of a page with a file.
pub async fn send_file(
    client: &Client<'_>,
    page: &Page,
    action: &str,
    typed: &[(&str, &str)],
    file: (&str, &[u8]),
) -> Page {
    let (mut fields, _) = page.filled(action, typed);
    fields.retain(|(name, _)| name != "file");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let reply = client.upload(action, &fields, ("file", file.0, file.1)).await;
    match reply.location.clone() {
        Some(next) => open(client, &next).await,
        None => Page::of(action, reply),
    }
}
