duplicates = Дубли
duplicates-waiting =
    { $count ->
        [one] { $count } пара ждёт решения
        [few] { $count } пары ждут решения
       *[many] { $count } пар ждут решения
    }
duplicates-undo = Отменить последнее
duplicates-all = Все
duplicates-none = Пар, о которых надо решить, нет
duplicates-none-why = Здесь видны компании, похожие друг на друга. Их находит поиск по всей базе; пару можно назвать и самому — на карточке компании.
duplicates-next = Следующие пары
duplicates-left = Слева
duplicates-right = Справа
duplicates-probability = Вероятность
band-sure = Почти наверняка
band-review = Посмотреть
band-no = Вряд ли
scan-never = Всю базу на дубли ещё не проверяли.
scan-compares = Идёт поиск: компании сравниваются
scan-progress = Записано { $done } пар из { $total }
scan-done-at = Последний поиск: { $time }
scan-companies =
    { $count ->
        [one] просмотрена { $count } компания
        [few] просмотрены { $count } компании
       *[many] просмотрено { $count } компаний
    }
scan-pairs =
    { $count ->
        [one] { $count } похожая пара
        [few] { $count } похожие пары
       *[many] { $count } похожих пар
    }
scan-uncompared =
    { $count ->
        [one] С тех пор пришла { $count } компания. Её ещё ни с кем не сравнивали: начните поиск или подождите ночи.
        [few] С тех пор пришли { $count } компании. Их ещё ни с кем не сравнивали: начните поиск или подождите ночи.
       *[many] С тех пор пришло { $count } компаний. Их ещё ни с кем не сравнивали: начните поиск или подождите ночи.
    }
scan-uncompared-many = С тех пор пришло больше { $count } компаний. Их ещё ни с кем не сравнивали: начните поиск или подождите ночи.
scan-broke = Последний поиск прервался и не дошёл до конца. Найденное сохранено; поиск можно начать заново.
scan-again-at = Сам он повторится: { $time }.
scan-by-night = Ночью, с двух до пяти, база проверяется сама, если в ней что-то изменилось.
scan-start = Проверить всю базу
pair-probability = вероятность, что это одна компания: { $percent } %
pair-named = пара указана вручную; поиск её ещё не оценивал
pair-record = Запись
pair-added = в базе с { $day }
pair-changed = изменена { $day }
pair-checked = проверено { $day }
pair-records =
    { $count ->
        [one] { $count } запись в истории
        [few] { $count } записи в истории
       *[many] { $count } записей в истории
    }
pair-led-by = ведёт { $name }
pair-stands = остаётся эта запись
pair-carriers =
    { $count ->
        [one] у { $count } компании
       *[other] у { $count } компаний
    }
pair-united-phones = Телефоны
pair-united-emails = Почта
pair-united-contacts = Контактные лица
pair-united-how = Телефоны, почта и контактные лица объединяются; общее выделено. История, передачи, начисления и запреты обеих компаний сохраняются. Объединение можно отменить в любое время.
pair-people = Останутся в одной записи
pair-people-apart = { $name }: это два человека, оставить обоих
pair-people-how = Кто есть в обеих компаниях, считается одним человеком: его запись в остающейся карточке дополняется тем, чего в ней нет. Отметьте тех, кого на самом деле двое.
pair-field-name = Название
pair-field-tax-id = ИНН
pair-field-phone = Телефон
pair-field-email = Почта
pair-field-website = Сайт
pair-field-city = Город
pair-field-address = Адрес
pair-says-same = совпадает
pair-says-same-common = совпадает, но встречается так часто, что значит мало
pair-says-same-other-form = совпадает, форма другая
pair-says-same-elsewhere = совпадает в другом порядке
pair-says-near = почти совпадает
pair-says-similar = похоже
pair-says-different = различается
pair-says-different-valid = различается, оба верны
answer-same = Одна компания
answer-different = Разные
answer-group = Одна группа
answer-branch = № { $number } — филиал другой
answer-later = Позже
pair-state-open = Одна из компаний уже объединена с другой или удалена из базы.
pair-state-same = Решено: это одна компания, записи объединены.
pair-state-different = Решено: это разные компании.
pair-state-group = Решено: компании одной группы.
pair-state-right-branch = Решено: вторая компания — филиал первой.
pair-state-left-branch = Решено: первая компания — филиал второй.
pair-state-gone = Последний поиск не нашёл между ними ничего общего.
pair-state-later = отложено
merge-open = Открыть объединение
merge-field-name = Название
merge-field-full-name = Полное название
merge-field-tax-id = ИНН
merge-field-kpp = КПП
merge-field-ogrn = ОГРН
merge-field-city = Город
merge-field-address = Адрес
merge-field-website = Сайт
merge-field-industry = Отрасль
merge-field-source = Источник
merge-told-lead-closed = Обе компании в очереди кампании «{ $campaign }»: остаётся лид той записи, которая остаётся, второй закрывается.
merge-told-two-owners = Компании ведут разные люди. Дальше ведёт { $owner }; { $other } по-прежнему видит карточку.
merge-told-two-clients = Обе компании обслуживаются. Клиент останется один, его ведёт { $owner }: договоры, заказы и обещания обоих сохраняются. Второму, кто вёл клиента ({ $other }), придёт задача передать дела; отмена вернёт каждому своего клиента.
merge-told-two-opportunities = Открытых сделок станет { $count }: каждая остаётся у своего продавца.
merge-told-bans = Запретов связи: { $count }. Все действуют и для объединённой компании.
merges = Объединения
merges-what = Какие записи стали одной; любое объединение можно отменить.
merges-none = Объединений пока нет
merges-none-why = Когда две записи окажутся одной компанией, их объединение появится здесь.
merges-next = Дальше
merge-title = Объединение № { $number }
merge-survivor = Осталась
merge-loser = Влилась
merge-when = Когда
merge-by = Кто
merge-is-undone = отменено
merge-undone-at = отменено { $time }
merge-undo = Отменить объединение
merge-undo-means = Всё, что принадлежало влившейся записи, вернётся к ней вместе с более поздними событиями её лидов и сделок. Что появилось позже и может относиться к обеим, будет перечислено здесь.
strays = Куда отнести
strays-why = Это появилось после объединения и может относиться к любой из двух компаний. Пока не решено, остаётся у первой.
stray-what = Что
stray-whose = Чьё
moved-contacts = Контактные лица
moved-phones = Телефоны
moved-emails = Почта
moved-bases = Основания
moved-notes = Заметки
moved-meetings = Встречи
moved-promises = Обещания
moved-leads = Лиды
moved-calls = Звонки
moved-letters = Письма
moved-attempts = Попытки дозвона
moved-incoming-calls = Их звонки нам
moved-campaign-halts = Жалобы, остановившие кампанию
moved-handoffs = Передачи
moved-opportunities = Сделки
moved-contracts = Договоры
moved-tasks = Задачи
moved-clients = Клиенты
moved-orders = Заказы
moved-important-dates = Важные даты
moved-sights = Кто видит карточку
moved-ties = Группы и филиалы
refusal-merge-changed = Одну из двух записей за это время изменили. Посмотрите на пару заново.
refusal-merge-not-in-base = Одной из двух компаний уже нет в базе: она удалена или объединена с другой.
refusal-merge-itself = Это одна и та же запись.
refusal-merge-held = Одна из компаний сейчас в работе: её держит { $who }. Объедините, когда разговор закончится.
refusal-merge-offer-waits = В кампании «{ $campaign }» лид вливающейся записи передан в продажи и ждёт ответа. Дождитесь ответа или оставьте другую запись.
refusal-merge-other-way = В кампании «{ $campaign }» работают только с лидом вливающейся записи. Оставьте другую запись, чтобы работа не прервалась.
refusal-pair-decided = Об этой паре уже решено. Посмотрите на неё заново.
refusal-pair-not-decided = Отменять нечего: решения ещё нет.
refusal-merge-undone = Это объединение уже отменено.
refusal-scan-runs = Поиск уже идёт. Дождитесь его конца.
refusal-tied-group = Эти компании уже связаны как компании одной группы. Сначала снимите ту связь.
refusal-tied-branch = Эти компании уже связаны как филиал и головная. Сначала снимите ту связь.
invalid-unknown-company = Компании с таким номером нет.
company-relatives = Группа и филиалы
relative-group = Одна группа
relative-branch = Филиал
relative-head = Головная компания
relative-end = Снять связь
company-tie = Связать с другой компанией
company-tie-this = Эта компания
company-tie-head = филиал той компании
company-tie-branch = головная для той компании
company-tie-group = в одной группе с той компанией
company-tie-do = Связать
company-aliases = Объединено с этой записью
company-aliases-undo = Объединения и их отмена
company-same-as = Это дубль другой компании
company-same-as-number = № той компании
company-same-as-compare = Сравнить
tie-group = одна группа
tie-branch = филиал и головная компания
merge-task-joined = Клиент объединён с другим: обоих теперь ведёт { $who }. Передайте, что знаете.
merge-task-parted = Объединение отменено: клиента снова ведёте вы. Посмотрите, что изменилось.
