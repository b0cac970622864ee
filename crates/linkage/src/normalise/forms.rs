//! Legal forms, as the Civil Code (chapter 4) and ОК 028-2012 call them and lists misspell them.

use std::sync::LazyLock;

use crate::hash::Map;

/// Where in a name a form may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In front or behind, as Russian forms do.
    Either,
    /// Behind only, as English and German forms do; in front the same word is part of the name.
    End,
}

struct Form {
    name: &'static str,
    place: Place,
    /// Spellings in lower case, words parted by one blank.
    spellings: &'static [&'static str],
}

const fn either(name: &'static str, spellings: &'static [&'static str]) -> Form {
    Form { name, place: Place::Either, spellings }
}

const fn end(name: &'static str, spellings: &'static [&'static str]) -> Form {
    Form { name, place: Place::End, spellings }
}

/// Forms of commercial and other organisations. State and municipal institutions are composed of
/// too many words to be listed; [`institution_at_start`] reads them by their grammar.
const FORMS: &[Form] = &[
    // 000 and 3ао are digits in place of letters; the Latin ones are transliterations.
    either("ООО", &["ооо", "ooo", "000", "общество с ограниченной ответственностью"]),
    either("АО", &["ао", "ao", "акционерное общество"]),
    either("ПАО", &["пао", "pao", "публичное акционерное общество"]),
    either("НАО", &["нао", "непубличное акционерное общество"]),
    either("ЗАО", &["зао", "3ао", "zao", "закрытое акционерное общество"]),
    either("ОАО", &["оао", "oao", "открытое акционерное общество"]),
    either("ОДО", &["одо", "общество с дополнительной ответственностью"]),
    either("ИП", &["ип", "индивидуальный предприниматель", "предприниматель", "пбоюл", "чп"]),
    either("КФХ", &["кфх", "крестьянское фермерское хозяйство"]),
    either("ТСЖ", &["тсж", "товарищество собственников жилья"]),
    either("ТСН", &["тсн", "товарищество собственников недвижимости"]),
    either("СНТ", &["снт", "садоводческое некоммерческое товарищество"]),
    either("ЖСК", &["жск", "жилищно строительный кооператив"]),
    either("СПК", &["спк", "сельскохозяйственный производственный кооператив"]),
    either("ПК", &["производственный кооператив"]),
    either("АНО", &["ано", "автономная некоммерческая организация"]),
    either("АНО ДПО", &["ано дпо"]),
    either("НКО", &["нко", "некоммерческая организация"]),
    either("НП", &["некоммерческое партнерство"]),
    either("ОО", &["общественная организация"]),
    either("Фонд", &["благотворительный фонд"]),
    either("ГК", &["государственная корпорация"]),
    either("КТ", &["коммандитное товарищество"]),
    either("ПТ", &["полное товарищество"]),
    either("ТОО", &["тоо", "товарищество с ограниченной ответственностью"]),
    either("ЧУП", &["чуп", "частное унитарное предприятие"]),
    either("ЧТУП", &["чтуп"]),
    either("ТОВ", &["тов"]),
    either("ФОП", &["фоп"]),
    either("ДНП", &["днп", "дачное некоммерческое партнерство"]),
    either("ДНТ", &["днт", "дачное некоммерческое товарищество"]),
    either("ГСК", &["гск", "гаражно строительный кооператив"]),
    either("ЖНК", &["жнк", "жилищный накопительный кооператив"]),
    either("КПК", &["кпк", "кредитный потребительский кооператив"]),
    either("СХПК", &["схпк"]),
    either("СПССК", &["спсск"]),
    either("КХ", &["крестьянское хозяйство"]),
    either("АОЗТ", &["аозт", "акционерное общество закрытого типа"]),
    either("АООТ", &["аоот", "акционерное общество открытого типа"]),
    either("ТНВ", &["тнв", "товарищество на вере"]),
    either("МКК", &["мкк", "микрокредитная компания"]),
    either("МФК", &["мфк", "микрофинансовая компания"]),
    either("ЧОП", &["чоп", "частное охранное предприятие"]),
    either("ЧОО", &["чоо", "частная охранная организация"]),
    either("СРО", &["сро", "саморегулируемая организация"]),
    either("РОО", &["роо", "региональная общественная организация"]),
    either("МОО", &["моо", "межрегиональная общественная организация"]),
    either("АНО ВО", &["ано во"]),
    either("АНО СПО", &["ано спо"]),
    either("АНО ДО", &["ано до"]),
    either("АНОО", &["аноо"]),
    either("НОЧУ", &["ночу"]),
    either("НОЧУ ДПО", &["ночу дпо"]),
    either("ОЧУ", &["очу"]),
    either("ИООО", &["иооо"]),
    either("СООО", &["сооо"]),
    either("ЗАСО", &["засо"]),
    either("КУП", &["куп", "коммунальное унитарное предприятие"]),
    either("РУП", &["руп", "республиканское унитарное предприятие"]),
    either("ТДВ", &["тдв"]),
    either("ПрАТ", &["прат", "приватне акціонерне товариство"]),
    either("ТОО", &["жшс"]),
    either("АО", &["ақ"]),
    either("ОсОО", &["осоо"]),
    either("МЧЖ", &["мчж"]),
    either("ООД", &["оод"]),
    either("ЕООД", &["еоод"]),
    end("Ltd", &["ltd", "limited", "лтд", "co ltd", "company limited", "pty ltd", "pte ltd"]),
    end("Ltd", &["private limited", "pvt ltd"]),
    // Russian firms write these in front as well: LLC «Vektor».
    either("LLC", &["llc", "ллс", "limited liability company"]),
    either("JSC", &["jsc", "joint stock company"]),
    either("PJSC", &["pjsc", "public joint stock company"]),
    either("CJSC", &["cjsc", "closed joint stock company"]),
    either("OJSC", &["ojsc", "open joint stock company"]),
    end("LLP", &["llp", "limited liability partnership"]),
    end("LP", &["lp"]),
    end("Inc", &["inc", "incorporated", "инк"]),
    end("Corp", &["corp", "corporation"]),
    end("Co", &["co"]),
    end("plc", &["plc", "public limited company"]),
    end("GmbH", &["gmbh", "ggmbh", "гмбх", "mbh", "gesellschaft mit beschrankter haftung"]),
    end("GmbH", &["gesellschaft mit beschränkter haftung"]),
    end("GmbH & Co. KG", &["gmbh co kg", "gmbh und co kg", "gmbh u co kg"]),
    end("AG", &["ag", "aktiengesellschaft"]),
    end("KG", &["kg", "kommanditgesellschaft"]),
    end("OHG", &["ohg", "offene handelsgesellschaft"]),
    end("UG", &["ug", "ug haftungsbeschränkt", "unternehmergesellschaft haftungsbeschränkt"]),
    end("e.K.", &["e k", "ek"]),
    end("e.V.", &["e v", "ev"]),
    end("eG", &["eg"]),
    end("SE", &["se"]),
    end("SA", &["sa"]),
    end("SAS", &["sas"]),
    end("SARL", &["sarl"]),
    end("SRL", &["srl"]),
    end("SpA", &["spa"]),
    end("BV", &["bv"]),
    end("NV", &["nv"]),
    end("AB", &["ab"]),
    end("Oy", &["oy"]),
    end("OÜ", &["oü"]),
    end("SIA", &["sia"]),
    end("UAB", &["uab"]),
    end("Sp. z o.o.", &["sp z o o", "sp zoo", "spółka z ograniczoną odpowiedzialnością"]),
    end("PLLC", &["pllc"]),
    end("LLLP", &["lllp"]),
    end("CIC", &["community interest company"]),
    end("Sdn Bhd", &["sdn bhd", "sendirian berhad"]),
    end("Berhad", &["bhd", "berhad"]),
    end("gGmbH", &["gemeinnützige gmbh"]),
    end("KGaA", &["kgaa", "ag co kgaa", "gmbh co kgaa"]),
    end("AG & Co. KG", &["ag co kg"]),
    end("UG & Co. KG", &["ug co kg", "ug haftungsbeschränkt co kg"]),
    end("GbR", &["gbr", "gesellschaft bürgerlichen rechts"]),
    end("PartG", &["partg", "partgmbb", "partg mbb"]),
    end("e.G.", &["e g", "eingetragene genossenschaft"]),
    end("e.V.", &["eingetragener verein"]),
    end("e.K.", &["e kfm", "e kfr", "eingetragener kaufmann"]),
    end("EURL", &["eurl"]),
    end("SASU", &["sasu"]),
    end("SCI", &["sci"]),
    end("SNC", &["snc"]),
    end("SLU", &["slu", "s l u"]),
    end("SL", &["s l", "sociedad limitada"]),
    end("SAU", &["s a u"]),
    end("SRLS", &["srls"]),
    end("SCARL", &["scarl"]),
    end("SKA", &["s k a"]),
    end("Sp. k.", &["sp k"]),
    end("Sp. j.", &["sp j"]),
    end("s.r.o.", &["s r o", "sro", "spol s r o"]),
    end("a.s.", &["a s"]),
    end("VOF", &["vof", "v o f"]),
    end("ApS", &["aps"]),
    end("ASA", &["asa"]),
    end("Oyj", &["oyj"]),
    end("OÜ", &["osaühing"]),
    end("Kft", &["kft"]),
    end("Zrt", &["zrt"]),
    end("Nyrt", &["nyrt"]),
    end("A.Ş.", &["a ş", "aş"]),
    end("Ltd. Şti.", &["ltd şti", "ltd sti"]),
    end("Lda", &["lda"]),
    end("Ltda", &["ltda"]),
    end("d.o.o.", &["d o o", "doo"]),
    end("d.d.", &["d d"]),
    end("KK", &["k k", "kabushiki kaisha"]),
];

/// Institutions and enterprises of the state, the regions and the towns, abbreviated.
const INSTITUTIONS: &[&str] = &[
    "ФГБУ",
    "ФГАУ",
    "ФГКУ",
    "ФГУ",
    "ФГУП",
    "ФКУ",
    "ФБУ",
    "ФКП",
    "ФГБОУ",
    "ФГАОУ",
    "ФГКОУ",
    "ФГОУ",
    "ФГБОУ ВО",
    "ФГАОУ ВО",
    "ФГКОУ ВО",
    "ФГОУ ВПО",
    "ФГБОУ ВПО",
    "ФГАОУ ВПО",
    "ФГБУЗ",
    "ФГБУК",
    "ГБОУ",
    "ГАОУ",
    "ГКОУ",
    "ГОУ",
    "ГБУ",
    "ГАУ",
    "ГКУ",
    "ГУ",
    "ГУП",
    "ГП",
    "ГБПОУ",
    "ГАПОУ",
    "ГБДОУ",
    "ГДОУ",
    "ГОУ ВПО",
    "ГБОУ ВПО",
    "ГАОУ ВПО",
    "ГБОУ ВО",
    "ГАОУ ВО",
    "ГБОУ СПО",
    "ГОУ СПО",
    "ГАОУ СПО",
    "ГБУЗ",
    "ГАУЗ",
    "ГКУЗ",
    "ГУЗ",
    "ГБУК",
    "ГАУК",
    "ГКУК",
    "ГУК",
    "ОГБУ",
    "ОГБУЗ",
    "ОБУЗ",
    "КГБУ",
    "КГБУЗ",
    "КГУ",
    "МБОУ",
    "МАОУ",
    "МКОУ",
    "МОУ",
    "МБУ",
    "МАУ",
    "МКУ",
    "МУ",
    "МУП",
    "МП",
    "МБДОУ",
    "МАДОУ",
    "МКДОУ",
    "МДОУ",
    "МБУЗ",
    "МАУЗ",
    "МУЗ",
    "МБУК",
    "МАУК",
    "МКУК",
    "МУК",
    "ЧОУ",
    "ЧУ",
    "ЧДОУ",
    "ЧПОУ",
    "ЧОУ ВО",
    "НОУ",
    "НУ",
    "НОУ ВПО",
    "НОУ ВО",
    "НДОУ",
    "УП",
    "ДОУ",
    "ОГУП",
    "КГУП",
    "КГАУ",
    "КГКУ",
    "КГБОУ",
    "КГБПОУ",
    "ОГБОУ",
    "ОГАОУ",
    "ОГКУ",
    "ОГАУ",
    "ОГКОУ",
    "ОГБПОУ",
    "ОГАПОУ",
    "ОБУ",
    "ОАУ",
    "ОКУ",
    "ФГБНУ",
    "ФГБУН",
    "ФГАУ ВО",
    "ФГБУ ВО",
    "ФКУЗ",
    "ФКОУ",
    "ГБУДО",
    "ГБУ ДО",
    "ГБОУ ДО",
    "ГАУ ДО",
    "МБУДО",
    "МБУ ДО",
    "МАУДО",
    "МАУ ДО",
    "МБОУ ДО",
    "МАОУ ДО",
    "МКУ ДО",
    "ГБУСО",
    "ГБУ СО",
    "ГАУ СО",
    "ГКУ СО",
    "ГКУСО",
    "ЧУЗ",
    "ЧУК",
    "НУЗ",
    "ЧОУ ДПО",
    "ЧУ ДПО",
    "МКП",
];

/// How many spellings of forms are known, abbreviated institutions included.
#[cfg(test)]
pub(super) fn count() -> usize {
    FORMS.iter().map(|form| form.spellings.len()).sum::<usize>() + INSTITUTIONS.len()
}

/// A form found at one end of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The form in its one official spelling.
    pub name: &'static str,
    /// How many words of the name it takes.
    pub words: usize,
}

type Spellings = Map<&'static str, Vec<(Vec<&'static str>, &'static str)>>;

/// Spellings by their first word, longest first, for forms in front of a name.
static STARTS: LazyLock<Spellings> = LazyLock::new(|| {
    let mut starts = Spellings::default();
    for form in FORMS.iter().filter(|form| form.place == Place::Either) {
        for words in form.spellings.iter().map(|spelling| spelling.split(' ').collect::<Vec<_>>()) {
            starts.entry(words[0]).or_default().push((words, form.name));
        }
    }
    longest_first(starts)
});

/// Spellings by their last word, longest first, for forms behind a name.
static ENDS: LazyLock<Spellings> = LazyLock::new(|| {
    let mut ends = Spellings::default();
    for form in FORMS {
        for words in form.spellings.iter().map(|spelling| spelling.split(' ').collect::<Vec<_>>()) {
            // Three zeros behind a name are a number, and ООО only in front of it.
            if words != ["000"] {
                ends.entry(words[words.len() - 1]).or_default().push((words, form.name));
            }
        }
    }
    longest_first(ends)
});

/// Abbreviated institutions by their lower-case words.
static ABBREVIATED: LazyLock<Map<String, &'static str>> =
    LazyLock::new(|| INSTITUTIONS.iter().map(|name| (name.to_lowercase(), *name)).collect());

/// The institutions by their names.
static NAMES: LazyLock<Map<&'static str, ()>> =
    LazyLock::new(|| INSTITUTIONS.iter().map(|name| (*name, ())).collect());

fn longest_first(mut spellings: Spellings) -> Spellings {
    for list in spellings.values_mut() {
        list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    spellings
}

/// The form in front of a name, if words are left behind it.
pub(super) fn at_start(words: &[&str]) -> Option<Found> {
    institution_at_start(words)
        .or_else(|| abbreviated_at_start(words))
        .or_else(|| {
            let list = STARTS.get(words.first()?)?;
            let (spelling, name) = list.iter().find(|(spelling, _)| {
                words.len() > spelling.len() && words.iter().zip(spelling).all(|(a, b)| a == b)
            })?;
            Some(Found { name, words: spelling.len() })
        })
        .or_else(|| spelled_out(words.iter().copied(), Place::Either))
        .filter(|found| found.words < words.len())
}

/// The form behind a name, if words are left in front of it.
pub(super) fn at_end(words: &[&str]) -> Option<Found> {
    let by_table = || {
        let list = ENDS.get(words.last()?)?;
        let (spelling, name) = list.iter().find(|(spelling, _)| {
            words.len() > spelling.len()
                && words.iter().rev().zip(spelling.iter().rev()).all(|(a, b)| a == b)
        })?;
        Some(Found { name, words: spelling.len() })
    };
    by_table()
        .or_else(|| {
            let name = ABBREVIATED.get(*words.last().filter(|word| word.len() <= SHORT)?)?;
            Some(Found { name, words: 1 })
        })
        .or_else(|| spelled_out(words.iter().rev().copied(), Place::End))
        .filter(|found| found.words < words.len())
}

/// `О.О.О.` or `G.m.b.H.`: a form of three letters or more with a stop behind each. Two letters
/// are left alone, since «И. П. Иванов» is a person's initials. Words come from the outer end.
fn spelled_out<'a>(words: impl Iterator<Item = &'a str>, place: Place) -> Option<Found> {
    let single = |word: &&str| word.chars().count() == 1;
    let letters: Vec<&str> = words.take_while(single).take(5).collect();
    (3..=letters.len()).rev().find_map(|count| {
        let mut joined: Vec<&str> = letters[..count].to_vec();
        if place == Place::End {
            joined.reverse();
        }
        let joined = joined.concat();
        let table = if place == Place::End { &ENDS } else { &STARTS };
        let list = table.get(joined.as_str())?;
        let (_, name) = list.iter().find(|(spelling, _)| spelling.len() == 1)?;
        Some(Found { name, words: count })
    })
}

/// No abbreviated word has more bytes; longer ones are not looked for.
const SHORT: usize = 16;

/// «ГБОУ», «ФГБОУ ВО» and their like in front of a name.
fn abbreviated_at_start(words: &[&str]) -> Option<Found> {
    // The second word is «во», «дпо» and their like.
    let pair = words.get(..2).filter(|pair| pair[0].len() <= SHORT && pair[1].len() <= 6);
    let pair = pair.and_then(|pair| ABBREVIATED.get(&pair.join(" ")));
    if let Some(name) = pair {
        return Some(Found { name, words: 2 });
    }
    let name = ABBREVIATED.get(*words.first().filter(|word| word.len() <= SHORT)?)?;
    Some(Found { name, words: 1 })
}

/// «Государственное бюджетное образовательное учреждение (высшего образования)» spelled out, in
/// any composition that has an abbreviation. The words each give a letter until the noun; then the
/// field of work may follow.
fn institution_at_start(words: &[&str]) -> Option<Found> {
    let mut short = String::new();
    let mut taken = 0;
    for word in words {
        let letter = match *word {
            "федеральное" => "Ф",
            "государственное" => "Г",
            "областное" | "общеобразовательное" | "образовательное" => {
                "О"
            }
            "краевое" | "казенное" => "К",
            "муниципальное" => "М",
            "частное" => "Ч",
            "негосударственное" => "Н",
            "автономное" => "А",
            "бюджетное" => "Б",
            "дошкольное" => "Д",
            "профессиональное" => "П",
            "унитарное" | "учреждение" => "У",
            "предприятие" => "П",
            _ => return None,
        };
        short.push_str(letter);
        taken += 1;
        if matches!(*word, "учреждение" | "предприятие") {
            break;
        }
    }
    let (ending, more) = field_of_work(&words[taken..]);
    let found = |short: &str, words| {
        INSTITUTIONS.iter().find(|name| **name == short).map(|name| Found { name, words })
    };
    found(&format!("{short}{ending}"), taken + more).or_else(|| found(&short, taken))
}

/// What an institution is for, as it is abbreviated, and how many words say so.
fn field_of_work(words: &[&str]) -> (&'static str, usize) {
    const FIELDS: [(&str, &[&str]); 5] = [
        (" ВПО", &["высшего", "профессионального", "образования"]),
        (" ВО", &["высшего", "образования"]),
        (" СПО", &["среднего", "профессионального", "образования"]),
        ("З", &["здравоохранения"]),
        ("К", &["культуры"]),
    ];
    FIELDS
        .iter()
        .find(|(_, field)| {
            words.len() >= field.len() && words.iter().zip(*field).all(|(a, b)| a == b)
        })
        .map_or(("", 0), |(ending, field)| (*ending, field.len()))
}

/// Whether a form is an institution, whose name goes on with the town that founded it.
pub(super) fn is_institution(form: &str) -> bool {
    NAMES.contains_key(form)
}
