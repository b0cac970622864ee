//! How the demo's firm begins: its campaigns with their scripts and people.

use super::story::Story;
use crate::campaigns::actions as campaigns;
use crate::campaigns::passport::PassportField;
use crate::campaigns::terms::CampaignTerms;
use crate::campaigns::{CallingPolicy, LegalBasis, Member, Purpose, Segment, TargetAction};
use crate::leads::actions as leads;
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::*;

/// How many companies the campaign of three tiers works; the hunter has the rest.
const OF_THREE_TIERS: i64 = 1_500;

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
            let id = self.start_campaign(key, name).await?;
            self.campaigns.insert(key, id);
        }
        Ok(())
    }

    async fn start_campaign(&mut self, key: &'static str, name: String) -> Outcome<CampaignId> {
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
        Ok(id)
    }

    fn terms(&self, key: &str, name: String) -> Outcome<CampaignTerms> {
        let is_three = key == "three";
        let segment = Segment {
            number_from: (!is_three).then_some(OF_THREE_TIERS + 1),
            number_to: is_three.then_some(OF_THREE_TIERS),
            ..Segment::default()
        };
        let principal = self.viewer("principal")?.id();
        Ok(CampaignTerms {
            name,
            principal: is_three.then_some(principal),
            engagement: if is_three {
                EngagementPolicy::ThreeTiers
            } else {
                EngagementPolicy::HunterKeeps
            },
            purpose: Purpose::Advertising,
            legal_basis: LegalBasis::Consent,
            segment,
            // Two working days: some offers still wait when the demo is opened.
            policy: CallingPolicy { acceptance_minutes: 1_080, ..CallingPolicy::default() },
            passport: vec![PassportField::Who, PassportField::Need, PassportField::NextStep],
            targets: TargetAction::ALL.to_vec(),
        })
    }
}

fn members(key: &str) -> Vec<(&'static str, Tier)> {
    if key == "hunt" {
        return Tier::ALL.into_iter().map(|tier| ("hunter", tier)).collect();
    }
    let callers = ["caller1", "caller2", "caller3", "caller4"].map(|c| (c, Tier::Acquisition));
    let sellers = ["seller1", "seller2"].map(|s| (s, Tier::Sales));
    let managers = ["service1", "service2"].map(|m| (m, Tier::Service));
    callers.into_iter().chain(sellers).chain(managers).collect()
}
