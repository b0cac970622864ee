role-caller = привлечение
role-seller = продажи
role-service = обслуживание
role-head = руководитель
role-owner = владелец
role-payroll = бухгалтер по зарплате
role-administrator = администратор
role-principal = заказчик
sign-in = Вход
sign-in-why = Войдите своим логином. Ссылку для первого входа даёт администратор.
sign-in-do = Войти
login = Логин
password = Пароль
settings-lang = Язык
settings-theme = Вид
theme-auto = как в системе
theme-light = светлый
theme-dark = тёмный
settings-keys = Клавиши без Ctrl
keys-on = включены
keys-off = выключены
refusal-login-taken = Такой логин уже есть. Выберите другой.
refusal-link-spent = Ссылка уже использована или устарела. Попросите новую у администратора.
refusal-wrong-password = Логин или пароль неверны.
refusal-last-administrator = Это последний администратор. Сначала назначьте другого.
invalid-password-short = Пароль: не короче 10 знаков.
refusal-wrong-count = Это не то число, что показано. Ничего не удалено.
invalid-password-wrong = Старый пароль неверен.
people = Люди
people-count = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
}
person-add = Добавить человека
person-add-hint = Пароль здесь не задаётся. На следующей странице сделайте ссылку для входа и передайте её; пароль человек выберет сам.
person-name = Фамилия, имя, отчество
person-alias = Имя для клиентов
person-alias-hint = Имя или псевдоним: больше посторонние ничего не узнают.
person-roles = Роли
person-tier = Ступень
person-no-tier = вне ступеней
person-team = Команда
person-no-team = без команды
person-access = Доступ
person-active = вход открыт
person-disabled = вход закрыт
person-disabled-since = Вход закрыт { $day }: сеансы, ссылки и ключи прекращены.
person-disable = Закрыть вход
person-disable-why = Закрытие входа сразу прекращает все сеансы, ссылки и ключи этого человека. Записи остаются.
link-enter-why = По этой ссылке вы войдёте в систему. Нажмите кнопку, чтобы продолжить.
link-to-password = Войти по логину и паролю
link-make = Сделать ссылку для входа
link-why = Ссылка впускает один раз в течение 30 минут: для первого входа или если пароль забыт.
link-made = Ссылка для входа
link-shown-already = Эта ссылка уже была показана. Если она потеряна, сделайте новую.
link-once = Передайте ссылку человеку надёжным путём. Она действует один раз в течение 30 минут и больше показана не будет.
teams = Команды
teams-none = Команд пока нет. Руководитель команды видит работу её людей.
team-name = Название команды
team-add = Добавить команду
password-change = Сменить пароль
password-old = Старый пароль
password-new = Новый пароль
password-hint = Не короче 10 знаков. Остальные ваши сеансы и все ссылки для входа прекратятся.
tokens = Ключи API
tokens-why = С ключом программа действует от вашего имени в пределах его прав. Описание API:
token-name = Название
token-scopes = Права
token-scopes-hint = Через пробел: companies:read handoffs:write; *:read — читать всё, что видно вам.
token-make = Сделать ключ
token-made = Ключ готов
token-made-at = Когда
token-once = Скопируйте сейчас: ключ не хранится и больше показан не будет.
token-repeated = Запрос пришёл дважды: ключ сделан и показан в первый раз. Если он не скопирован, отзовите его и сделайте другой.
token-revoke = Отозвать
token-revoked = отозван
demo = Демонстрационная фирма
demo-why = Когда посмотрите достаточно, удалите её и начните свою фирму.
demo-remove = Удалить демонстрацию
demo-remove-what = { $count ->
    [one] Исчезнет { $count } компания
    [few] Исчезнут { $count } компании
   *[other] Исчезнет { $count } компаний
} и вместе с этим все звонки, передачи, договоры, платежи, начисления и люди демонстрации. Отменить это нельзя.
demo-remove-then = На её месте появится пустая фирма, а вы станете её владельцем и администратором.
demo-remove-type = Чтобы удалить, наберите число компаний: { $count }
firm-name = Название вашей фирмы
