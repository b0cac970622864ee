//! Every figure opens; the month is reviewed, approved and closed.

use std::time::Duration;

use super::{House, Opened, Shift};

/// How the newest line of a company stands on a statement.
pub(super) fn standing(company: &str) -> String {
    format!(
        "return [...document.querySelectorAll('.lines > li')]
          .filter((line) => line.innerText.includes('{company}'))
          .map((line) => line.querySelector('.status')?.innerText ?? '').at(-1) ?? ''"
    )
}

/// Opens every figure; answers the address of the month.
pub(super) fn every_figure_opens(house: &House, opened: &mut Opened) -> String {
    let caller = Shift::open(house, "caller");
    caller.go("/pay/me");
    caller.go(&caller.href("/pay/statements/"));
    caller.sees("ООО «Золотой карп»");
    caller.sees("900,00 ₽");
    caller.becomes(&standing("Ясный луч"), "не начислено");
    opened.note("caller", &caller);
    caller.go(&caller.href("/pay/lines/"));
    opened.note("caller", &caller);
    caller.go(&caller.href("/handoffs/"));
    caller.sees("ООО «");

    let owner = Shift::open(house, "owner");
    owner.go("/reports");
    let records = owner.href("/reports/records");
    owner.go(&records);
    owner.sees("ООО «");
    owner.go(&owner.href("/companies/"));
    opened.note("owner", &owner);
    owner.go("/pay");
    let month = owner.href("/pay/periods/");
    owner.go(&month);
    opened.note("owner", &owner);
    month
}

/// Weeks later the accountant reviews the month, the owner approves it, the accountant closes it;
/// everybody's statement says so.
pub(super) fn the_month_is_closed(house: &House, month: &str, opened: &mut Opened) {
    house.stop();
    house.start(Duration::from_secs(32 * 86_400));
    let payroll = Shift::open(house, "payroll");
    payroll.go("/pay");
    payroll.sees("открыт");
    payroll.go(month);
    payroll.click("На проверку");
    payroll.sees("на проверке");
    payroll.misses("Одобрить");

    let owner = Shift::open(house, "owner");
    owner.go(month);
    owner.click("Одобрить");
    owner.sees("Одобрение: Имя owner");

    payroll.go(month);
    let lines = "return document.querySelector('label[for=confirm]').innerText.match(/\\d+$/)[0]";
    let lines = payroll.ask(lines).as_str().expect("the number of lines").to_owned();
    payroll.type_into("confirm", "0");
    payroll.click("Закрыть месяц навсегда");
    payroll.sees("Месяц не закрыт. Впишите число его строк: ");
    payroll.type_into("confirm", &lines);
    payroll.click("Закрыть месяц навсегда");
    payroll.sees("Закрытие: Имя payroll");
    payroll.sees("закрыт");
    opened.note("payroll", &payroll);
    let of_service = "return [...document.querySelectorAll('main th a')]
        .find((link) => link.innerText === 'Имя service').pathname";
    let of_service = payroll.ask(of_service).as_str().expect("a statement").to_owned();
    payroll.go(&of_service);
    payroll.go(&payroll.href("/pay/invoices/"));
    payroll.sees("ИП Имя");
    opened.note("payroll", &payroll);

    let caller = Shift::open(house, "caller");
    caller.go("/pay/me");
    caller.sees("закрыт");
    let statement = opened.address("/pay/statements/", "caller");
    caller.go(&statement);
    caller.sees("закрыт");
    caller.sees("Передано к выплате");
    caller.sees("900,00 ₽");
}
