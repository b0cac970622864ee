refusal-campaign-not-from-this-state = Кампания уже в другом состоянии. Посмотрите на неё ещё раз.
refusal-campaign-complained = Кампанию остановили жалобы. Скажите, почему её продолжают.
refusal-campaign-changed-meanwhile = Кампанию тем временем изменили. Сравните и сохраните ещё раз.
refusal-campaign-one-tier-each = Этот человек работает на другой ступени кампании, а её политика ступени разделяет.
refusal-campaign-not-of-that-tier = Этот человек не работает на этой ступени.
refusal-campaign-nobody-calls = В кампании пока некому звонить. Сначала добавьте звонящего.
refusal-campaign-no-script = У кампании ещё нет сценария. Сначала напишите его.
refusal-campaign-empty-segment = В выборке нет компаний, которым можно звонить. Расширьте её.
invalid-advertising-needs-consent = Для рекламы по телефону нужно согласие. Выберите другую цель или основание «согласие».
invalid-ends-before-it-begins = Конец раньше начала.
invalid-not-a-time = Нужно время суток, например 09:00.
invalid-too-many-checkpoints = Слишком много контрольных точек: не больше { $max }.
invalid-too-many-branches = Веток не больше { $max }: у каждой своя клавиша.
campaign = Кампания
campaigns = Кампании
campaigns-none = Кампаний пока нет
campaigns-none-why = Кампания говорит, кому звоним, какими словами и как часто. Создайте её по части базы.
campaign-make = Новая кампания
campaign-new = Новая кампания
campaign-name = Название
campaign-team = Команда
campaign-state = Состояние
campaign-state-draft = черновик
campaign-state-running = идёт
campaign-state-paused = на паузе
campaign-state-stopped = остановлена
campaign-made = Создана
campaign-engagement = Кто ведёт клиента
campaign-purpose = Цель
purpose-advertising = реклама
purpose-contract = предложение договора организации
purpose-service = обслуживание наших клиентов
purpose-actualisation = актуализация базы
purpose-research = опрос
campaign-basis = Основание
campaign-basis-hint = Звоним только тем, у кого это основание записано.
basis-consent = согласие
basis-public-source = опубликованный рабочий контакт
basis-contract = договор с ними
basis-legitimate-interest = законный интерес
campaign-law = Цель и основание
campaign-principal = Заказчик
campaign-principal-none = нет: звоним для себя
campaign-segment = Компании
campaign-segment-hint = Всегда исключены: запрещённые, закреплённые за продажами или обслуживанием, уже входящие в эту кампанию.
campaign-city = Город
campaign-industry = Отрасль
campaign-source = Источник
campaign-number-from = Номер от
campaign-number-to = Номер до
campaign-of-one-import = Только компании одного файла:
campaign-the-import = загрузка
campaign-mix = Доли списков
campaign-mix-example = Выставка 60
campaign-mix-hint = Один список (источник) в строке и его доля из ста звонков; остальным – что осталось. Действует со следующего запуска.
campaign-with-phoneless = и без телефона
campaign-only-with-phone = с телефоном
campaign-with-shared = и те, что в другой идущей кампании
campaign-count = Посчитать
campaign-groundless = { $count ->
    [one] из них без основания: { $count } — ей не позвонят
   *[many] из них без основания: { $count } — им не позвонят
    }
campaign-launch-groundless = { $count ->
    [one] Запуск возьмёт без основания { $count } компанию. Этой компании не позвонят, пока основание, которое требует кампания, не записано — в карточке или повторной загрузкой списка с основанием.
    [few] Запуск возьмёт без основания { $count } компании. Этим компаниям не позвонят, пока основание, которое требует кампания, не записано — в карточках или повторной загрузкой списка с основанием.
   *[many] Запуск возьмёт без основания { $count } компаний. Этим компаниям не позвонят, пока основание, которое требует кампания, не записано — в карточках или повторной загрузкой списка с основанием.
    }
campaign-takes-new = Компании, которые появились в отборе позже, войдут в очередь после «Паузы» и «Продолжить».
campaign-counted = { $count ->
    [one] { $count } компания
    [few] { $count } компании
   *[many] { $count } компаний
}
campaign-when = Дни и часы
campaign-from = С
campaign-to = До
campaign-client-zone = по часам клиента
campaign-holidays-off = праздники не рабочие
campaign-calendar = Чьи праздники
campaign-calendar-hint = Где действуют правила страны, праздники её.
calendar-ru = Россия
calendar-us = США
calendar-gb = Англия и Уэльс
calendar-de = Германия
calendar-fr = Франция
calendar-ca = Канада
calendar-au = Австралия
calendar-eu = Европейский союз
weekday-0 = пн
weekday-1 = вт
weekday-2 = ср
weekday-3 = чт
weekday-4 = пт
weekday-5 = сб
weekday-6 = вс
campaign-how-often = Как часто и как долго
campaign-attempts-max = Попыток всего
campaign-attempts-per-day-max = Попыток в день
campaign-gap-minutes = Минут между попытками
campaign-spreads = Распределять попытки между утром, серединой и концом дня
campaign-parts = Сколько безуспешных попыток допустимо в каждую часть дня клиента; пусто – считаются только все попытки вместе, 0 – в это время не звоним.
campaign-morning-max = Утром
campaign-midday-max = В середине дня
campaign-afternoon-max = В конце дня
invalid-no-part-left = Не осталось ни одной части дня: звонить будет некому. Оставьте одно из трёх полей пустым или дайте хотя бы одну попытку.
campaign-cool-down-days = Дней покоя после отказа
campaign-pressure-max = Звонков и писем по всем кампаниям
campaign-pressure-days = … за дней
campaign-lease-seconds = Компания за звонящим, секунд
campaign-callback-grace-minutes = Обещанный звонок ждёт обещавшего, мин
campaign-acceptance-minutes = Рабочих минут на приём лида
campaign-passport = В паспорте нужны
passport-who = кто решает
passport-need = нужда
passport-budget = бюджет
passport-timing = срок
passport-promises = обещано
passport-next-step = следующий шаг
campaign-targets = Оплачивается первой ступени
campaign-targets-hint = Изменение действует на то, что проверено, найдено, назначено или передано после него; начатое раньше оплачивается как прежде.
target-company-verified = запись проверена
target-decision-maker-found = найден тот, кто решает
target-lead-accepted = лид принят
target-meeting-held = встреча состоялась
campaign-script = Сценарий
campaign-script-none = Сценария ещё нет. Напишите его: без него кампанию не запустить.
campaign-script-hint = # заголовок, = ветка разговора, > слова вслух, [ ] контрольная точка, ? возражение и ответ строкой ниже. В разговоре вместо {"{"}contact{"}"} стоит имя собеседника, вместо {"{"}company{"}"} — название компании, вместо {"{"}me{"}"} — имя того, кто звонит.
campaign-script-names = В разговоре вместо {"{"}contact{"}"} стоит имя собеседника, вместо {"{"}company{"}"} — название компании, вместо {"{"}me{"}"} — имя того, кто звонит.
campaign-script-first = # Начало
    > Добрый день, {"{"}contact{"}"}! Меня зовут {"{"}me{"}"}.
    > Найдётся две минуты?
    {"[ ]"} Сказано, кто и зачем звонит

    # Нужда
    > Как это у вас устроено сейчас?
    {"[ ]"} Нужда названа

    ? Нет времени
    > Когда удобно поговорить?

    ? Дорого
    > По сравнению с чем?

    # Договорённость
    > Давайте договоримся о встрече.
    {"[ ]"} Следующий шаг согласован
campaign-script-write = Написать новую версию
campaign-script-save = Сохранить новой версией
campaign-script-version = версия { $version }
campaign-script-versions = { $count ->
    [one] хранится { $count } версия
    [few] хранится { $count } версии
   *[many] хранится { $count } версий
}
campaign-launch = Запустить
campaign-go-on = Продолжить
campaign-pause = Пауза
campaign-stop = Остановить насовсем
campaign-queue = Очередь
campaign-edit = Изменить
campaign-more = Ещё
campaign-terms = Условия
campaign-people = Люди
campaign-person = Человек
campaign-tier = Ступень
campaign-remove = убрать
campaign-add-person = Добавить
campaign-attempts = Попытки
campaign-attempts-told = всего { $total }, в день { $day }
campaign-complaints-max = Жалоб на 10 000 звонков, больше – стоп
campaign-complaints-calls-min = Звонков меньше – считать за столько
campaign-refusals-in-row-max = Отказов подряд до передышки, 0 – без неё
campaign-work-minutes-max = Минут без перерыва до передышки, 0 – без неё
campaign-rest-minutes = Передышка, минут
campaign-complaints = Жалобы
campaign-complaints-told = стоп, когда их больше { $rate } звонков за 30 дней; звонков меньше { $calls } – считаются за столько
campaign-halted = Кампанию остановили жалобы
campaign-halted-what = Никому не звонят, пока не решит руководитель.
campaign-halt-of = { $count ->
    [one] { $count } жалоба
    [few] { $count } жалобы
   *[many] { $count } жалоб
} на { $calls ->
    [one] { $calls } звонок
    [few] { $calls } звонка
   *[many] { $calls } звонков
}
campaign-halt-told = { $of }, предел { $limit }
campaign-halt-why = Почему продолжаем
campaign-halt-answered = Продолжает { $who } с { $at }:
campaign-pressure = Бюджет давления
campaign-pressure-told = { $count ->
    [one] { $count } контакт
    [few] { $count } контакта
   *[many] { $count } контактов
} за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}
campaign-reasons = Причины отказа
campaign-offer = предложить { $offer }
campaign-reentry = { $count ->
    [one] снова через { $count } день
    [few] снова через { $count } дня
   *[many] снова через { $count } дней
}

campaign-preset = Правила страны
campaign-preset-hint = Из правил страны и кампании действует строже.
campaign-held = Часы, которые действуют в итоге
campaign-held-narrower = из часов кампании и страны – более строгие
campaign-rules-show = Показать правила
preset-consent = только с согласия: { $purposes }
preset-own = только свои
preset-ru = Россия
preset-us = США
preset-gb = Великобритания
preset-de = Германия
preset-fr = Франция
preset-ca = Канада
preset-au = Австралия
preset-eu = другая страна ЕС
preset-cap = не больше { $count } за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}
preset-cool-down =
    { $count ->
        [one] { $count } день покоя после отказа
        [few] { $count } дня покоя после отказа
       *[other] { $count } дней покоя после отказа
    }
preset-no-machine = номер выбирает и набирает только человек
preset-verified = Откуда это: версия { $version }, проверено { $day }
preset-about-basis = основание
preset-about-hours = часы
preset-about-frequency = как часто
preset-about-refusal = после отказа
preset-about-machine = автонабор
preset-ours = закон не называет; наше чувство меры
preset-no-advice = Это не юридическая консультация: проверьте, что правила подходят вам и действуют сейчас.
invalid-never-open = Часы кампании и страны никогда не совпадают: не позвонить никому.
invalid-mix-twice = Один список указан дважды.
invalid-mix-not-a-share = В строке – список и его доля из ста, например «Выставка 60».
invalid-mix-over-hundred = Вместе доли больше ста.
reasons = Почему отказывают
reasons-why = Из этого звонящие выбирают причину отказа во всех кампаниях фирмы. Дни говорят, когда спросить снова, предложение — что им тогда покажут. Записанные отказы называются так, как задано здесь.
reason-retired = больше не выбирают
reason-retire = Больше не выбирать
reason-add = Добавить причину
reason-label-ru = По-русски
reason-label-en = По-английски
reason-days = Спросить снова через, дней
reason-never = никогда
reason-offer-ru = Тогда предложить, по-русски
reason-offer-en = Тогда предложить, по-английски
refusal-reason-always-there = Эту причину спрашивают по имени, она остаётся.
refusal-reason-too-many = Причин уже { $max }. Уберите ту, которая никому не нужна.
