phone = Телефон
phone-call = Позвонить
phone-hang-up = Положить трубку
phone-registered = на связи
phone-unregistered = не на связи
phone-here = телефон на связи
phone-away = Телефон не на связи: включите его или звоните по ссылке
phone-no-trunk = Звонки сейчас не выходят: звоните по ссылке
phone-recorded = записывается
phone-talked = разговор { $time }
phone-say-how = Запишите, чем кончился звонок; потом будет следующая компания.
phone-secret = Пароль телефона
phone-secret-once = Введите его в телефон сейчас. Он показан только один раз.
phone-shown-already = Пароль уже был показан. Если он потерян, создайте новый.
phone-server = Сервер
phone-no-engine = телефония на этом сервере не включена
phone-name = Имя
phone-state = Состояние
phone-made = Пароль создан
phone-why = По этой записи подключается программный или настольный телефон, и сотрудник звонит прямо с карточки. Новый пароль отменяет старый.
phone-make = Создать запись
phone-renew = Создать новый пароль
phone-remove = Убрать запись
person-phone = Телефонная запись
recording-hear = слушать
attempt-state-asked = вызываем ваш телефон
attempt-state-taken = звонит ваш телефон: снимите трубку
attempt-state-dialling = набираем
attempt-state-ringing = у них звонит
attempt-state-answered = разговор
attempt-end-answered = разговор окончен
attempt-end-busy = занято
attempt-end-no-answer = не ответили
attempt-end-rejected = сбросили
attempt-end-unwanted = сообщили, что такие звонки нежелательны
attempt-end-blocked = наш номер заблокирован по дороге
attempt-end-invalid-number = такого номера нет
attempt-end-forbidden = звонка не было: оператор не пускает туда
attempt-end-account = звонка не было: оператор не принимает нашу запись
attempt-end-media-mismatch = звонка не было: нет общего кодека
attempt-end-trunk-failure = звонка не было: сбой у оператора
attempt-end-abandoned = ответили, но никто не говорил
attempt-end-cancelled = отменён
attempt-end-phone-away = звонка не было: у вас не сняли трубку
attempt-end-number-not-allowed = звонка не было: на такие номера звонить не разрешено
attempt-end-not-placed = звонка не было
attempt-end-interrupted = оборвался: сервер был недоступен; запишите, что знаете
refusal-phone-not-here = Телефон не на связи. Включите его или звоните по ссылке.
refusal-trunk-down = Звонки сейчас не выходят. Звоните по ссылке или попробуйте через минуту.
refusal-attempt-under-way = У вас идёт звонок. Сначала положите трубку.
refusal-attempt-over-already = Этот звонок уже окончен.
refusal-recording-gone = Файла этой записи здесь больше нет.
refusal-call-denied = Сейчас звонить нельзя: { $rule ->
    [not_in_base] компании нет в базе
    [suppressed] компания или номер под запретом
    [led] компанию ведут продажи или обслуживание
    [no_basis] нет основания для звонка
    [no_phone] нет номера для звонка
    [attempts_total] попытки исчерпаны
    [attempts_day] на сегодня попыток достаточно
    [gap] слишком скоро после прошлой попытки
    [cool_down] недавно был отказ
    [pressure] достаточно контактов по всем кампаниям
    [cap_day] больше за день не разрешает закон страны
    [cap_week] больше за неделю не разрешает закон страны
    [cap_month] больше за 30 дней не разрешает закон страны
    [holiday] там праздник
   *[hours] там не время для звонков
    }. Спросите снова { $until }.
refusal-attempt-talks-now = С этой компанией сейчас говорят. Дождитесь конца звонка.
