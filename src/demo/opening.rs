//! How the demo's firm begins: its campaigns with their scripts and people.

use super::days;
use super::duty::LINE;
use super::story::Story;
use crate::campaigns::actions as campaigns;
use crate::campaigns::hours::{CallingHours, DAY_MINUTES};
use crate::campaigns::passport::PassportField;
use crate::campaigns::terms::CampaignTerms;
use crate::campaigns::{CallingPolicy, LegalBasis, Member, Purpose, Segment, TargetAction};
use crate::leads::actions as leads;
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::*;

/// Of so many companies…
const PARTS: i64 = 20;
/// … the campaign of three tiers works so many…
const OF_THREE_TIERS: i64 = 15;
/// … and the hunter those up to that one; the rest agreed to be called at any hour.
const OF_HUNTER: i64 = 19;

const SCRIPT_RU: &str = "# Знакомство
> Добрый день! Меня зовут {me}, мануфактура «Три ступени». Кто у вас отвечает за печать и упаковку?

[ ] Назвать компанию
[ ] Узнать, кто решает

# Потребность
> Как вы сейчас заказываете печать? Что хотелось бы изменить?

[ ] Нужда названа словами клиента

# Встреча
> Предлагаю показать образцы нашему специалисту: пятнадцать минут, вторник или четверг?

[ ] Время согласовано

? Дорого
Понимаю. С чем сравниваете? Наш специалист посчитает ваш тираж — это ни к чему не обязывает.
? Пришлите на почту
Пришлю. Чтобы прислать нужное: какие тиражи и к какому сроку?
? Уже работаем с другими
Хорошо. Когда кончается договор? Позвоню к этому времени.
";
const SCRIPT_EN: &str = "# Opening
> Good day! I am {me} from Three Steps Works. Whom may I speak to about print and packaging?

[ ] Named the company
[ ] Learned who decides

# Need
> How do you order print today? What would you change?

[ ] The need in the client's own words

# Meeting
> May our specialist show you samples: fifteen minutes, Tuesday or Thursday?

[ ] A time is agreed

? Too dear
I see. What do you compare with? Our specialist will cost your run, without obligation.
? Send me an e-mail
I will. To send the right thing: which runs, and by when?
? We have a supplier
Fine. When does the contract end? I will call by then.
";

impl Story {
    /// Makes the two campaigns, gives them people and starts them.
    pub(super) async fn start_campaigns(&mut self) -> Outcome<()> {
        let names = [
            ("three", self.say("Печать: три ступени", "Print: three tiers").to_owned()),
            ("hunt", self.say("Упаковка: кто привёл, ведёт", "Packaging: hunter keeps").to_owned()),
        ];
        for (key, name) in names {
            self.start_campaign(key, name).await?;
        }
        Ok(())
    }

    /// Makes a campaign, gives it its people and starts it.
    pub(super) async fn start_campaign(&mut self, key: &'static str, name: String) -> Outcome<()> {
        let owner = self.viewer("owner")?;
        let team = self.viewer("head1")?.user.team;
        let script = self.say(SCRIPT_RU, SCRIPT_EN);
        let terms = self.terms(key, name)?;
        let id = campaigns::make(&self.act(&owner), &owner, terms, team, script).await?;
        for (login, tier) in members(key) {
            let member = Member { user: self.viewer(login)?.id(), tier };
            campaigns::add_member(&self.act(&owner), &owner, id, member).await?;
        }
        leads::launch(&self.act(&owner), &owner, id).await?;
        self.campaigns.insert(key, id);
        Ok(())
    }

    fn terms(&self, key: &str, name: String) -> Outcome<CampaignTerms> {
        let all = i64::try_from(self.extent.companies).map_err(Error::failure)?;
        let part = |number: i64| all * number / PARTS;
        let (from, to) = match key {
            "three" => (0, part(OF_THREE_TIERS)),
            "hunt" => (part(OF_THREE_TIERS), part(OF_HUNTER)),
            _ => (part(OF_HUNTER), all),
        };
        let segment =
            Segment { number_from: Some(from + 1), number_to: Some(to), ..Segment::default() };
        let principal = self.viewer("principal")?.id();
        let is_hunt = key == "hunt";
        Ok(CampaignTerms {
            name,
            principal: (key == "three").then_some(principal),
            engagement: if is_hunt {
                EngagementPolicy::HunterKeeps
            } else {
                EngagementPolicy::ThreeTiers
            },
            purpose: Purpose::Advertising,
            legal_basis: LegalBasis::Consent,
            segment,
            policy: self.policy(key),
            passport: vec![PassportField::Who, PassportField::Need, PassportField::NextStep],
            targets: TargetAction::ALL.to_vec(),
        })
    }

    /// When and how often a campaign calls. Two working days to answer an offer: some still wait
    /// when the demo is opened.
    fn policy(&self, key: &str) -> CallingPolicy {
        let office = days::hours(self.firm.lang);
        if key == LINE {
            let always =
                CallingHours { days: 127, from_minute: 0, to_minute: DAY_MINUTES, ..office };
            let hours = CallingHours { holidays_off: false, ..always };
            let acceptance_minutes = 2 * DAY_MINUTES;
            return CallingPolicy { hours, acceptance_minutes, ..CallingPolicy::default() };
        }
        CallingPolicy { hours: office, acceptance_minutes: 1_080, ..CallingPolicy::default() }
    }
}

fn members(key: &str) -> Vec<(&'static str, Tier)> {
    if key == "hunt" {
        return Tier::ALL.into_iter().map(|tier| ("hunter", tier)).collect();
    }
    let mut callers = vec!["caller1", "caller2", "caller3", "caller4"];
    if key == LINE {
        callers.push("hunter");
    }
    let sellers = ["seller1", "seller2"].map(|s| (s, Tier::Sales));
    let managers = ["service1", "service2"].map(|m| (m, Tier::Service));
    let callers = callers.into_iter().map(|caller| (caller, Tier::Acquisition));
    callers.chain(sellers).chain(managers).collect()
}
