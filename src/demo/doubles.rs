//! A second list, written down by somebody else: companies that the base has, told otherwise. The
//! import takes none of them for certain, so the search of the base has something to ask about.

use super::base::Cells;
use super::story::Story;
use crate::companies::actions as companies;
use crate::companies::alike::Known;
use crate::companies::{BasisKind, Segment};
use crate::imports::Origin;
use crate::merges::actions as merges;
use crate::values::*;

/// A pair is made of a company after so many.
const EACH: usize = 170;

/// In what way a company stands in the base twice, or seems to.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// A letter is missing; the telephone is the same.
    Misspelt,
    /// A word more; the telephone is the same.
    Longer,
    /// Another legal form at the same address.
    OtherForm,
    /// Written in the letters of another country, or with another word for "and company".
    OtherLetters,
    /// The branch in another town, under the mail address of the head office.
    Branch,
    /// The same name in the same town, another telephone.
    Namesake,
    /// Another firm behind the switchboard of one house.
    Switchboard,
    /// A firm of the same name in another town: not the same.
    Elsewhere,
}

/// The ways, in the order in which they are met with; some are more usual than others.
const WAYS: [Way; 10] = [
    Way::Misspelt,
    Way::OtherForm,
    Way::Branch,
    Way::Longer,
    Way::OtherLetters,
    Way::Switchboard,
    Way::Namesake,
    Way::Misspelt,
    Way::Elsewhere,
    Way::Longer,
];

impl Story {
    /// Brings the second list in and has the base searched.
    pub(super) async fn bring_doubles(&mut self) -> Outcome<()> {
        let known = self.list_doubled().await?;
        let rows: Vec<Cells> = known
            .iter()
            .zip(WAYS)
            .enumerate()
            .map(|(at, (one, way))| self.told_anew(at, one, way))
            .collect();
        let origin = Origin {
            source: self.say("Картотека прошлого отдела", "Files of the former office").to_owned(),
            basis_kind: Some(BasisKind::Consent),
            basis_source: self
                .say("Согласия прошлых лет, папка 3", "Consents of former years, folder 3")
                .to_owned(),
        };
        let file = self.file(("Картотека.csv", "Old files.csv"), &rows, origin)?;
        self.take_in(file, WAYS.len()).await?;
        let head = self.viewer("head1")?;
        merges::start_scan(&self.act(&head)).await?;
        self.settle().await
    }

    /// Companies that nobody banned and that can be reached, one for each way.
    async fn list_doubled(&self) -> Outcome<Vec<Known>> {
        let mut tx = self.db.read().await?;
        let org = self.firm.org;
        let all = Segment::default();
        let ids = companies::list_segment(&mut tx, org, &all, None, i64::MAX).await?;
        let known = companies::list_known(&mut tx, org, &ids).await?;
        let silenced = companies::list_silenced(&mut tx, org, &known, self.now()).await?;
        let is_free = |one: &&Known| {
            let may_call = one.phones.iter().all(|phone| {
                !silenced.phones.contains(&phone.id) && phone.standing.is_worth_dialling()
            });
            may_call && !one.phones.is_empty() && !silenced.companies.contains(&one.company.id)
        };
        let free: Vec<Known> = known.iter().filter(is_free).cloned().collect();
        let found: Vec<Known> =
            free.chunks(EACH).filter_map(|some| some.first().cloned()).collect();
        if found.len() < WAYS.len() {
            return Err(Error::failure("the demo's base is too small to have doubles"));
        }
        Ok(found)
    }

    /// A row about a company, as somebody else wrote it down.
    fn told_anew(&self, at: usize, one: &Known, way: Way) -> Cells {
        let company = &one.company;
        let (form, core) = parted(&company.name, self.firm.lang);
        let named = |form: &str, core: &str| match self.firm.lang {
            Lang::Ru => format!("{form} «{core}»"),
            Lang::En => format!("{core} {form}"),
        };
        let own = one.phones.first().map(|phone| phone.phone.e164.clone()).unwrap_or_default();
        let email = one.emails.first().map(|email| email.address.clone()).unwrap_or_default();
        let city = company.city.clone().unwrap_or_default();
        let address = company.address.clone().unwrap_or_default();
        let other_city = if city == self.say("Казань", "Leeds") {
            self.say("Самара", "Bristol")
        } else {
            self.say("Казань", "Leeds")
        };
        // Numbers like those of the base, that no company of it has.
        let other = match self.firm.lang {
            Lang::Ru => format!("+7 843 009-{:02}-{:02}", 90 - at, 10 + at),
            Lang::En => format!("+44 113 496 0{:03}", 900 + at),
        };
        let other_form = match (self.firm.lang, form) {
            (Lang::Ru, "АО") => "ООО",
            (Lang::Ru, _) => "АО",
            (Lang::En, "plc") => "Ltd",
            (Lang::En, _) => "plc",
        };
        let plus = self.say("Плюс", "Plus");
        let (name, city, address, phone, email) = match way {
            Way::Misspelt => {
                (named(form, &misspelt(core)), city, String::new(), own, String::new())
            }
            Way::Longer => {
                let longer = format!("{core} {plus}");
                (named(form, &longer), city, String::new(), own, String::new())
            }
            Way::OtherForm => (named(other_form, core), city, address, other, String::new()),
            Way::OtherLetters => {
                let name = match self.firm.lang {
                    Lang::Ru => linkage::normalise::latin_key(core).to_uppercase(),
                    Lang::En => format!("The {core} Company"),
                };
                (name, city, address, other, String::new())
            }
            Way::Branch => {
                let branch = match self.firm.lang {
                    Lang::Ru => format!("Филиал {} в городе {other_city}", company.name),
                    Lang::En => format!("{}, {other_city} branch", company.name),
                };
                (branch, other_city.to_owned(), String::new(), other, email)
            }
            Way::Namesake => (named(form, core), city, String::new(), other, String::new()),
            Way::Switchboard => {
                let name = named(form, self.say("Бумажный змей", "Paper Kite"));
                (name, city, address, own, String::new())
            }
            Way::Elsewhere => {
                (named(form, core), other_city.to_owned(), String::new(), other, String::new())
            }
        };
        let none = String::new;
        [name, none(), city, address, phone, email, none(), none()]
    }
}

/// The legal form of a name of the demo, and the rest of it.
fn parted(name: &str, lang: Lang) -> (&str, &str) {
    let (head, tail) = match lang {
        Lang::Ru => name.split_once(' ').unwrap_or(("", name)),
        Lang::En => name.rsplit_once(' ').map_or(("", name), |(core, form)| (form, core)),
    };
    (head, tail.trim_matches(['«', '»']))
}

/// The name without a letter, the fourth if it can be: one whose loss is heard, for who compares
/// names takes «Новй» for «Новый».
fn misspelt(core: &str) -> String {
    let key = linkage::normalise::latin_key(core);
    let letters = core.char_indices().skip(3).filter(|(_, letter)| letter.is_alphabetic());
    letters
        .map(|(at, letter)| format!("{}{}", &core[..at], &core[at + letter.len_utf8()..]))
        .find(|name| linkage::normalise::latin_key(name) != key)
        .unwrap_or_else(|| core.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::both;
    use crate::demo::{Extent, firm};
    use crate::imports::{ImportState, actions as imports};
    use crate::merges::{Band, PairState};
    use crate::storage::Tx;

    #[test]
    fn a_misspelt_name_is_another_name() {
        assert_eq!(misspelt("Северный Причал"), "Севрный Причал");
        for core in ["Новый Клининг-2", "Белый Учебник", "Старый Лад", "Ближний Мир-3"]
        {
            let name = misspelt(core);
            let key = linkage::normalise::latin_key;
            assert_ne!(key(&name), key(core), "{name}");
            assert_eq!(name.chars().count() + 1, core.chars().count(), "{name}");
        }
    }

    /// The list that came last was written as it was foretold.
    async fn looks_at_the_import(tx: &mut Tx, org: OrgId, (in_file, bad): (i64, i64)) {
        let import = imports::list(tx, org, i64::MAX, 1).await.expect("reads").remove(0);
        assert_eq!(import.state, ImportState::Committed);
        assert_eq!(import.counts, import.forecast.counts);
        assert_eq!(import.counts.total(), import.row_count);
        assert_eq!((import.counts.in_file, import.counts.bad), (in_file, bad));
    }

    both! {
        async fn the_base_and_the_second_list_leave_pairs_of_many_sorts_to_decide(t: TestDb) {
            for lang in [Lang::Ru, Lang::En] {
                let firm = firm::found(&t.db, lang, t.clock.now()).await.expect("is founded");
                let org = firm.org;
                let told = (1, t.clock.now(), Extent::WHOLE);
                let mut story = Story::new(t.db.clone(), t.clock.clone(), firm, told);
                story.bring_base().await.expect("comes in");
                let mut tx = t.db.read().await.expect("reads");
                looks_at_the_import(&mut tx, org, (32, 11)).await;
                drop(tx);
                story.bring_doubles().await.expect("comes in");
                let head = story.viewer("head1").expect("a head");
                let mut tx = t.db.read().await.expect("reads");
                let count = companies::count_segment(&mut tx, org, &Segment::default()).await;
                let count = usize::try_from(count.expect("counts")).expect("a count");
                assert_eq!(count, told.2.companies + WAYS.len(), "{lang:?}");
                let pairs = merges::list_waiting(&mut tx, &head, None, 100).await.expect("reads");
                let mut told = String::new();
                let mut sorts: BTreeSet<String> = BTreeSet::new();
                for pair in &pairs {
                    let mut names = Vec::new();
                    for id in [pair.left, pair.right] {
                        let found = companies::find(&mut tx, org, id).await.expect("reads");
                        names.push(found.expect("a company").name);
                    }
                    let reasons: Vec<String> = pair.reasons.iter().filter(|one| one.is_for())
                        .map(|one| format!("{} {}", one.field, one.code)).collect();
                    sorts.insert(reasons.join(", "));
                    told += &format!("{names:?} {} {reasons:?}\n", pair.probability);
                    assert_eq!(pair.state, PairState::Open);
                    assert_ne!(pair.band, Band::No);
                }
                assert!((8..=12).contains(&pairs.len()), "{} pairs:\n{told}", pairs.len());
                assert!(sorts.len() >= 5, "{told}");
            }
        }
    }
}
