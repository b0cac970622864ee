refusal-letter-denied = Сейчас писать нельзя: { $rule ->
    [not_in_base] компании нет в базе. Ничего не записано
    [suppressed] компания, человек или номер под запретом. Запреты – в карточке компании; снять запрет может руководитель
    [led] компанию ведут продажи или обслуживание. Передайте им, что хотели сказать
    [no_basis] нет основания. Запишите его в карточке компании или отметьте, что письмо просили они сами
    [cool_down] недавно был отказ. Можно с { $until }, а если они сами попросят – сразу
   *[pressure] достаточно звонков и писем по всем кампаниям. Можно с { $until }, а если они сами попросят – сразу
    }.
refusal-letter-too-late = Прошло больше десяти минут: письмо остаётся в записях.
refusal-letter-taken-back-already = Это письмо уже отменено.
invalid-letter-address-misfits = Электронное письмо идёт на адрес почты, сообщение – на номер, бумажное письмо – ни на то, ни на другое. Выберите другой способ или адрес.
invalid-letter-address-of-another = Это адрес другого человека. Выберите того, чей он, или другой адрес.
invalid-letter-in-the-future = Это время ещё не наступило. Запишите письмо, когда оно уйдёт.
invalid-letter-too-long-ago = Письмо записывают не позже чем через { $days } дн. О более раннем напишите в заметках компании.
letters = Письма
letters-to = Письма: { $company }
letter-company = Компания
letter-record = Письмо
letter-record-do = Записать отправленным
letter-ask = Можно ли писать?
letter-may = Писать можно.
letter-not-yours = Писать можно, пока компания у вас в работе или вы её ведёте.
letter-none = Писем здесь нет
letter-none-why = Письмо по почте, на бумаге или в мессенджере записывает тот, кто его отправил. Оно считается вместе со звонками, чтобы никого не донимать.
letter-way = Способ
letter-way-mail = электронная почта
letter-way-post = бумажное
letter-way-messenger = мессенджер
letter-contact = Кому
letter-nobody = никому лично
letter-address = На какой адрес
letter-no-address = нет в записях
letter-campaign = Кампания
letter-no-campaign = той компании, что в работе, или без кампании
letter-sent = Отправлено
letter-subject = О чём
letter-note = Заметка
letter-is-answer = Просили сами
letter-is-answer-why = Ответ им или то, что положено по договору. Такое письмо не считается, но запрет действует и для него.
letter-to = Кому
letter-sender = Кто
letter-state = Учёт
letter-is-counted = считается со звонками
letter-is-asked-for = просили сами, не считается
letter-is-taken-back = отменено
letter-take-back = Отменить
