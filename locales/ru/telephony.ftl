phone = Телефон
phone-call = Позвонить
phone-hang-up = Положить трубку
phone-by-link = Звонит ваш телефон
phone-no-call = Звонка не было
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
attempt-end-number-not-allowed = звонка не было: на этот номер звонить нельзя
attempt-end-not-placed = звонка не было
attempt-end-interrupted = оборвался: сервер был недоступен; запишите, что знаете
refusal-phone-not-here = Телефон не на связи. Включите его или звоните по ссылке.
refusal-trunk-down = Звонки сейчас не выходят. Звоните по ссылке или попробуйте через минуту.
refusal-own-numbers-pause = Все наши номера заблокированы чужими сетями и стоят на паузе. Позвоните по ссылке или попросите администратора заглянуть в «Телефонию».
refusal-attempt-under-way = У вас идёт звонок. Сначала положите трубку.
refusal-attempt-over-already = Этот звонок уже окончен.
refusal-recording-gone = Файла этой записи здесь больше нет.
refusal-call-denied = Сейчас звонить нельзя: { $rule ->
    [not_in_base] компании нет в базе
    [suppressed] компания или номер под запретом
    [led] компанию ведут продажи или обслуживание
    [no_basis] нет основания для звонка
    [no_phone] нет номера для звонка
    [number_held] номера, по словам сети, нет; тогда попробуем снова
    [number_total] попытки на этот номер исчерпаны
    [number_day] на этот номер сегодня хватит
    [number_week] на этот номер больше нельзя за неделю
    [number_month] на этот номер больше нельзя за 30 дней
    [number_pressure] на этот номер хватит по всем компаниям
    [number_gap] после звонка на этот номер прошло мало времени
    [number_in_hand] на этот номер как раз звонят другой компании
    [day_part] в эту часть дня звонков больше не будет, сначала другая
    [attempts_total] попытки исчерпаны
    [parts_total] исчерпаны попытки во все части дня
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
trunk-trouble = Звонки не проходят с { $time }:
trunk-closed = До { $time } никого не набираем.
own-numbers-paused = Наши номера на паузе
own-numbers-why = Машина сети на той стороне заблокировала звонок с этого номера. Сутки с него не звонят; спросите у оператора почему и потом звоните снова.
own-number-paused = { $number } на паузе до { $time }
own-number-contact = спрашивать: { $contact }
own-number-resume = Снова звонить с него
connectors = Телефония
connectors-count = { $count ->
    [one] { $count } подключение
    [few] { $count } подключения
   *[other] { $count } подключений
    }
connectors-why = Подключение — это АТС телефонного провайдера, которая сообщает о своих звонках: когда звонило, ответили и положили трубку и кто звонит нам. Без него время звонков по ссылке известно только со слов сотрудников.
connectors-none = Подключений пока нет
connectors-none-why = Создайте подключение ниже, вставьте его адрес на сайте провайдера и укажите, чей какой внутренний номер.
connector-name = Название
connector-provider = Провайдер
connector-state = Состояние
connector-heard = Последнее сообщение
connector-made = Создано
connector-renewed = Секрет от
connector-ended = отключено
connector-believed = принимаем
connector-make = Создать подключение
connector-account = Ключ АТС
connector-zone = Часовой пояс учётной записи, например Europe/Moscow
connector-secret = Секрет
connector-secret-hint = Zadarma: секрет API и часовой пояс из настроек учётной записи, если он не такой, как у фирмы. Mango Office: ключ — уникальный код АТС (vpbx_api_key), секрет — ключ для подписи (vpbx_api_salt). Twilio: токен учётной записи. Для UIS и своей АТС оставьте оба поля пустыми: секрет создаётся здесь.
connector-secret-once = Скопируйте его сейчас. Он показан только один раз.
connector-shown-already = Секрет уже был показан. Если он потерян, создайте новый.
connector-url = Адрес для сайта провайдера
connector-url-hint-zadarma = Уведомления о звонках АТС, POST. Часовой пояс в кабинете провайдера должен совпадать с поясом фирмы.
connector-url-hint-mango = API-коннектор, адрес внешней системы. Включите события о вызовах, об их завершении и о записях.
connector-url-hint-uis = Уведомления по HTTP, POST, тела — из docs/telephony.md. Секрет — последняя часть адреса, он показан только один раз; кто знает адрес, тому верят.
connector-url-hint-twilio = Status callback номеров, телефонов и Dial, POST, события initiated, ringing, answered и completed.
connector-url-hint-generic = Вид сообщений и подпись описаны в docs/telephony.md.
connector-extensions = Внутренние номера
connector-extensions-why = По внутреннему номеру звонок находят среди звонков сотрудника, и сотрудник видит, кто ему звонит. Для UIS это id сотрудника, для Twilio — имя телефона.
connector-extension = Внутренний номер
connector-person = Сотрудник
connector-assign = Закрепить
connector-unassign = Снять
connector-renew = Новый секрет
connector-renew-hint = Старый сразу перестаёт действовать: подписанному им больше не верят.
connector-end = Отключить
connector-end-hint = Сообщениям больше не верят, секрет уничтожается. Что уже сообщено, остаётся.
provider-zadarma = Zadarma
provider-mango = Mango Office
provider-uis = UIS / CoMagic
provider-twilio = Twilio
provider-generic = другая АТС
refusal-connector-ended = Это подключение отключено. Создайте новое.
invalid-connector-not-needed = Оставьте пустым: у этого провайдера его нет или он создаётся здесь.
calling-title = Кто звонит
calling-nobody = Сейчас никто не звонит
calling-why = Когда звонит компания, которую вы ведёте, держите в работе или набирали последней, об этом видно на любой странице.
calling-rings = — звонит,
calling-talks = — разговор, начало
calling-over = — был звонок,
calling-missed = — звонок без ответа,
calling-open = Открыть карточку
calling-hide = Скрыть
unknown-calls = Звонки с неизвестных номеров
unknown-calls-why = Этих номеров нет ни у одной компании базы. Укажите, чей это был звонок, и он встанет к этой компании, как любой другой; или что он ничей, и тогда он останется только в записях.
unknown-call-hidden = номер скрыт
unknown-call-rings = звонит
unknown-call-talks = идёт разговор
unknown-call-over = звонок принят
unknown-call-missed = никто не принял
unknown-call-company = Компания из базы
unknown-call-company-hint = Адрес её карточки.
unknown-call-new = Или название новой
unknown-call-tie = Это был их звонок
unknown-call-none = Звонок ничей
unknown-calls-settled = Что указали о других
unknown-call-aged = за тридцать дней никто не указал, чей
unknown-call-nobodys = ничей
unknown-call-elsewhere = компания, которую вы не видите
refusal-unknown-call-settled = Уже указано, чей это был звонок.
invalid-unknown-call-whose = Выберите компанию или назовите новую, что-то одно. Ничего не записано.
invalid-connector-zone = Такого часового пояса нет. Впишите его как Europe/Moscow или оставьте пустым, если он как у фирмы. Ничего не изменено.
