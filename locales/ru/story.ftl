story = История клиента
story-card = Карточка компании
story-led-by = ведёт { $name }
story-nobody-leads = никто не ведёт
story-who = Кто они
story-local = сейчас { $time }
story-phone = Телефон
story-no-people = Имён пока нет.
story-noes = Отказы и запреты
story-no-lead-refused = Отказ в разговоре
story-no-handoff-rejected = Передача возвращена
story-no-opportunity-lost = Сделка проиграна
story-no-contract-ended = Договор закрыт
story-no-client-ended = Клиент ушёл
story-ban-company = компании
story-ban-contact = человеку
story-ban-phone = на номер
story-ban-over = больше не действует
story-ban-by-name = называется как компания, которой нельзя звонить
story-until = до { $day }
story-next = Что дальше
story-numbers-on-card = Номера целиком — на карточке компании
story-next-none = Ничего не назначено: ни встречи, ни шага, ни задачи.
story-next-meeting = Встреча
story-next-step = Шаг сделки
story-next-task = Задача
story-next-callback = Обещанный звонок
story-next-answer = Ответ на передачу
story-late = просрочено
story-promises-none = Обещаний не было.
story-needs = Нужда и что сказано
story-needs-none = Передач ещё не было: что нужно клиенту, станет известно из звонка.
story-sales = Договоры и сделки
story-sales-none = Ни сделки, ни договора ещё нет.
story-paid = оплачено { $sum }
story-paid-last = последний платёж { $day }
story-orders-none = Заказов ещё не было.
story-prototypes = { $count ->
    [one] показан { $count } прототип
    [few] показано { $count } прототипа
   *[many] показано { $count } прототипов
}
story-timeline = Что было
story-nothing = Пока ничего не было
story-nothing-why = Здесь появится каждое событие с этим клиентом на всех ступенях: звонки, встречи, передачи, договоры, заказы.
story-newest = К последним
story-older = Раньше
story-closed-refused = отказ насовсем
story-closed-do-not-call = просили не звонить
story-closed-abusive = грубость
story-closed-attempts-exhausted = попытки исчерпаны
story-closed-checked = проверено
story-closed-rejects-calls = сбрасывают наши звонки
story-closed-no-number = не осталось номера
story-did-company-added = Компания добавлена в базу
story-did-company-changed = Сведения о компании исправлены: { $what }
story-did-company-verified = Проверено: { $what } — { $why }
story-did-company-note-written = Заметка
story-did-contact-suppressed = Запрет: { $what } — { $why }
story-did-company-merged = Записи объединены: { $what }
story-did-client-joined = Обслуживание объединено: клиент № { $number } ведётся за обе компании
story-did-client-parted = Клиент № { $number } снова обслуживается отдельно
story-did-company-merge-undone = Объединение отменено: { $what }
story-did-company-stray-placed = Отнесено к этой компании после отмены объединения
story-did-company-tied = Связь с компанией: { $what } — { $why }
story-another-company = другая компания
story-did-company-untied = Связь снята: { $what } — { $why }
story-did-pair-decided = Решение о похожей компании: { $why }
story-did-pair-reopened = Решение о похожей компании снято
story-closed-merged = компания объединена с другой
story-did-contact-suppression-lifted = Запрет снят: { $what } — { $why }
story-did-lead-closed = Обзвон закончен: { $why }
story-did-lead-reopened = Снова в обзвоне: запрет снят
story-did-lead-refused = Отказ: { $why }
story-did-lead-decision-maker-found = Найден тот, кто решает
story-did-lead-qualified = Лид квалифицирован
story-did-call-recorded = Звонок: { $why }
story-did-incoming-told = Звонили нам
story-did-call-denied = Звонить не разрешено: { $why ->
    [not_in_base] компании нет в базе
    [suppressed] компания или номер под запретом
    [led] компанию ведут продажи или обслуживание
    [no_basis] нет основания для звонка
    [no_phone] нет номера для звонка
    [number_held] номера, по словам сети, нет · снова { $what }
    [number_total] попытки на этот номер исчерпаны
    [number_day] на этот номер сегодня хватит · снова { $what }
    [number_week] на этот номер больше нельзя за неделю · снова { $what }
    [number_month] на этот номер больше нельзя за 30 дней · снова { $what }
    [number_pressure] на этот номер хватит по всем компаниям · снова { $what }
    [number_gap] после звонка на этот номер прошло мало времени · снова { $what }
    [number_in_hand] на этот номер как раз звонят другой компании · снова { $what }
    [day_part] в эту часть дня звонков больше не будет, сначала другая · снова { $what }
    [attempts_total] попытки исчерпаны
    [parts_total] исчерпаны попытки во все части дня
    [attempts_day] на сегодня попыток достаточно · снова { $what }
    [gap] слишком скоро после прошлой попытки · снова { $what }
    [cool_down] недавно был отказ · снова { $what }
    [pressure] достаточно контактов по всем кампаниям · снова { $what }
    [cap_day] больше за день не разрешает закон страны · снова { $what }
    [cap_week] больше за неделю не разрешает закон страны · снова { $what }
    [cap_month] больше за 30 дней не разрешает закон страны · снова { $what }
    [holiday] там праздник · снова { $what }
   *[hours] там не время для звонков · снова { $what }
    }
story-did-call-reversed = Итог звонка отменён: { $why }
story-did-callback-promised = Обещан звонок: { $what }
story-did-callback-cancelled = Обещанный звонок отменён: { $what } · { $why }
story-did-callback-reopened = Обещанный звонок снова ждёт: { $what }
story-did-callback-passed = Обещанный звонок больше никто не подменит: { $what }
story-did-meeting-booked = Назначена встреча
story-did-meeting-held = Встреча состоялась
story-did-meeting-missed = Встреча не состоялась: { $why }
story-did-handoff-offered = Передача предложена: { $what } → { $to }
story-did-handoff-reassigned = Передача переназначена: { $what } → { $to }
story-did-handoff-accepted = Передача принята: { $what } → { $to }
story-did-handoff-rejected = Передача возвращена: { $why }
story-did-company-returned = Фирма вернулась через чужую передачу: засчитывается тому, кто привёл её первым
story-did-company-return-undone = Возвращение фирмы не в счёт: возврат передачи отменён
story-did-handoff-expired = На передачу не ответили вовремя
story-did-handoff-disputed = Возврат оспорен
story-did-handoff-decided = Спор о возврате решён: { $why }
story-did-opportunity-opened = Сделка открыта
story-did-opportunity-advanced = Сделка на этапе: { $why }
story-did-opportunity-changed = Данные сделки уточнены: { $what }
story-did-opportunity-reassigned = Сделку теперь ведёт { $who }
story-did-opportunity-lost = Сделка проиграна: { $why }
story-did-opportunity-won = Сделка выиграна
story-did-opportunity-reopened = Сделка снова в работе
story-did-contract-signed = Договор подписан · { $sum }
story-did-contract-ended = Договор закрыт: { $why }
story-did-payment-entered = Платёж поступил · { $sum }
story-did-payment-reversed = Платёж сторнирован: { $why } · { $sum }
story-did-letter-asked = Писать не разрешено: { $why ->
    [not_in_base] компании нет в базе
    [suppressed] действует запрет
    [led] компанию ведут продажи или обслуживание
    [no_basis] нет основания
    [cool_down] недавно отказали · снова { $what }
   *[pressure] звонков и писем по всем кампаниям уже достаточно · снова { $what }
    }
story-did-letter-sent = Письмо, { $why }: { $what }
story-did-letter-taken-back = Письмо отменено, { $why }: { $what }
story-did-promise-made = Обещано: { $what }
story-did-promise-kept = Обещание выполнено: { $what }
story-did-promise-broken = Обещание нарушено: { $what }
story-did-promise-released = Обещание снято клиентом: { $what }
story-did-promise-passed = Обещания теперь выполняет { $who }: { $what }
story-did-client-opened = Клиент принят на обслуживание
story-did-client-extended = У клиента ещё один договор
story-did-client-reassigned = Клиента теперь ведёт { $who }
story-did-client-onboarding-step-done = Начало работы: { $what }
story-did-client-onboarding-step-undone = Начало работы, отметка снята: { $what }
story-did-client-kept = Клиент остаётся с нами: { $what }
story-did-client-ended = Клиент ушёл: { $why }
story-did-order-opened = Открыт заказ № { $number }: { $what }
story-did-order-delivered = Заказ № { $number } сдан: { $what }
story-did-order-cancelled = Заказ № { $number } отменён: { $why }
story-did-prototype-added = Готова версия прототипа: заказ № { $number }
story-did-prototype-sent = Прототип отправлен клиенту: заказ № { $number }
story-did-prototype-approved = Прототип одобрен: заказ № { $number }
story-did-prototype-commented = Клиент просит изменить прототип: заказ № { $number }
story-did-date-noted = Записана важная дата
story-did-date-removed = Важная дата убрана
story-did-task-made = Поставлена задача: { $what }
story-did-task-put-off = Задача отложена до { $why }: { $what }
story-did-task-done = Задача сделана: { $what }
story-did-company-check-reversed = Проверка взята назад
story-did-company-phone-held = Номер, которого, по словам сети, нет, пока не набирают
story-did-company-phone-failed = Номер не годится
story-did-contact-left = Контактное лицо больше не работает
story-field-name = название
story-field-full-name = полное название
story-field-tax-id = ИНН
story-field-kpp = КПП
story-field-ogrn = ОГРН
story-field-city = город
story-field-address = адрес
story-field-website = сайт
story-field-industry = отрасль
story-field-source = источник
story-field-phones = телефоны
story-field-emails = почта
story-field-contacts = люди
story-field-basis = основание
story-field-next-step = следующий шаг
story-field-next-step-at = день следующего шага
story-field-expected-close-on = день договора
story-field-amount = сумма
story-field-need = нужда
