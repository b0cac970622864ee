imports = Загрузка базы
imports-what = Файл сначала показывается: что нового, что повторяется, что негодно. В базу он попадает только по вашей кнопке и целиком отменяется.
import-file = Файл
import-file-hint = CSV в любой кодировке, Excel или vCard, в том числе в gz и zip, до 512 МБ; файл можно перетащить на поле.
import-branches = Тот же ИНН, другой КПП
import-branches-one = одна компания
import-branches-apart = отдельные компании, связанные как филиалы
import-branches-count = { $count ->
    [one] Среди новых { $count } филиал, он связан с головной компанией.
    [few] Среди новых { $count } филиала, они связаны с головными компаниями.
   *[many] Среди новых { $count } филиалов, они связаны с головными компаниями.
}
import-layout = Одна строка – это
import-row-is-company = компания
import-row-is-field = поле: { $field } → { $value }
import-look = Посмотреть, что в файле
import-source = Откуда список
import-basis = Основание для звонков
import-basis-none = не указано
import-basis-source = Где основание записано
imports-before = Прежние загрузки
imports-none = Загрузок пока нет
imports-none-why = Здесь видно, что и когда пришло в базу; любую загрузку можно отменить целиком.
imports-next = Дальше
import-state = Состояние
import-rows = Строк
import-made-at = Когда
import-state-checking = проверяется
import-state-checked = проверено, ждёт решения
import-state-committing = записывается
import-state-committed = в базе
import-state-stopped = запись остановлена
import-state-unchecked = проверка остановлена
import-state-undoing = отменяется
import-state-undo-stopped = отмена остановлена
import-state-undone = отменено
import-title = Загрузка № { $number }
import-rows-count = { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[many] { $count } строк
}
import-same-file = Этот же файл уже в базе: загрузка № { $number }. Повторная запись не внесёт ни одной компании дважды. Посмотрите на ту загрузку, прежде чем записывать эту.
import-same-file-part = Этот же файл записывается, отменяется или остановлен на полпути: загрузка № { $number }. Часть его может быть в базе, дважды ни одна компания не попадёт. Дождитесь, пока та загрузка завершится, или продолжите её, вместо того чтобы записывать эту.
import-same-file-brought = Этот же файл есть и в загрузке № { $number }: она ещё не записана в базу. Запишите одну из двух: другая не принесёт ничего нового.
import-progress = Готово { $done } из { $total }
import-under-way = Страница обновляется сама.
import-look-again = Посмотреть снова
import-trouble = Работа прервалась; что записано, учтено, остальное не тронуто.
import-trouble-disk = На диске сервера кончилось место; что записано, учтено, остальное не тронуто.
import-trouble-room = Загрузка ждёт места и продолжится сама, когда оно появится; следующая попытка — { $at }.
import-held-rows = Записано строк: { $done } из { $total }.
import-held-companies = { $count ->
    [one] С ними в базу вошла { $count } новая компания и остаётся в ней.
    [few] С ними в базу вошли { $count } новые компании и остаются в ней.
   *[many] С ними в базу вошли { $count } новых компаний и остаются в ней.
}
import-held-found = Поиск находит их все.
import-held-found-none = Поиск найдёт их, когда запись продолжат или остановят.
import-held-found-part = Поиск находит те, что из первых { $found } строк, остальные — когда запись продолжат или остановят.
import-held-next = «Продолжить» — попробовать сразу, «Отменить загрузку» — убрать записанное.
import-trouble-again = Продолжится сама { $at }.
import-trouble-given-up = Само больше не продолжится: продолжите загрузку, когда причина устранена.
import-guess = Угадать всё заново
import-read-like = Столбцы разобраны как в загрузке № { $number }. Если сейчас иначе, поправьте их ниже или угадайте заново.
import-commit-stopped = Запись остановлена: { $done } из { $total } строк уже в базе, остальных в ней нет. Можно продолжить с этого места или отменить записанное.
import-check-stopped = Проверка остановлена на строке { $done } из { $total }. В базу ничего не записано.
import-undo-stopped = Отмена остановлена на строке { $done } из { $total }: до этой строки всё отменено, остальное в базе. Продолжите, чтобы отменить импорт целиком.
import-go-on = Продолжить
import-stop-committing = Записанное останется; его можно отменить или продолжить.
import-stop-checking = В базу ещё ничего не записано.
import-stop-undoing = Что отменено, то отменено; остальное остаётся в базе, пока отмену не продолжат.
import-stop = Остановить
import-total = Всего
import-commit = Записать в базу
import-no-rows = В файле только заголовок: строк нет.
import-nothing-new = В файле нет ничего, чего не было бы в базе.
import-no-basis = Основание для звонков не указано. Пока его нет, этим компаниям нельзя звонить с предложением.
import-no-basis-page = Выберите его в «Как читать файл» или запишите потом в карточках.
import-no-basis-terminal = Укажите его ключом --basis или запишите потом в карточках.
import-names-alike = в { $alike } строках из { $named } одно и то же название; возможно, названия в другом столбце.
import-column-page = Укажите, что в нём, в «Как читать файл».
import-column-terminal = Укажите, что в столбце, ключом --column "ЗАГОЛОВОК=СМЫСЛ".
import-phones-unread = { $count ->
    [one] в { $count } строке телефон не прочитан.
    [few] в { $count } строках телефон не прочитан.
   *[many] в { $count } строках телефон не прочитан.
}
import-phones-country = Номера без кода страны читаются как номера страны { $country } ({ $code }).
import-phones-left-out = { $count ->
    [one] похоже на телефоны, но пропускается, { $count } строка.
    [few] похоже на телефоны, но пропускается, { $count } строки.
   *[many] похоже на телефоны, но пропускается, { $count } строк.
}
import-others = Эту загрузку вы можете только просматривать. Прочитать её иначе и записать в базу может тот, кто загрузил файл, руководитель первой ступени или владелец.
import-undo = Отменить загрузку
import-undo-means = Из базы { $count ->
    [one] уйдёт { $count } компания
    [few] уйдут { $count } компании
   *[many] уйдут { $count } компаний
 }, кампании и обходы больше не будут им звонить, а добавленное другим компаниям будет снято. То, с чем уже работали, останется. Вернуть их можно, только загрузив файл ещё раз.
import-undo-until = Отменить можно до { $until }.
import-bad-rows = Негодные строки файлом
import-all-rows = Все строки с вердиктами
import-reading = Как читать файл
import-encoding = Кодировка
import-delimiter = Разделитель
import-header = Заголовок
import-header-no = нет, данные с первой строки
import-member = Файл в архиве
import-sheet = Лист
import-format-csv = Текст с ячейками
import-format-xlsx = Книга Excel
import-format-xlsb = Книга Excel
import-format-xls = Книга старого Excel
import-format-ods = Книга OpenDocument
import-format-vcard = Карточки контактов
import-above-header = { $count ->
    [one] { $count } строка над заголовком пропущена
    [few] { $count } строки над заголовком пропущены
   *[many] { $count } строк над заголовком пропущено
}
import-blank-lines = { $count ->
    [one] { $count } пустая строка
    [few] { $count } пустые строки
   *[many] { $count } пустых строк
}
import-damaged = { $count ->
    [one] { $count } повреждённая строка
    [few] { $count } повреждённые строки
   *[many] { $count } повреждённых строк
}
import-column = Столбец
import-column-number = Столбец { $number }
import-column-called = Столбец { $number } «{ $heading }»
import-meaning = Что в нём
import-examples = Примеры
import-read-anew = Прочитать заново
import-rows-written = Что стало со строками
import-rows-shown = Показано строк: { $shown } из { $total }, первые каждого вида. Список всех будет после загрузки.
import-rows-forecast = Что станет со строками
import-removed = Убрано компаний: { $count }.
import-restored = Возвращено к прежнему виду: { $count }.
import-stayed = Осталось: { $count }.
import-stays = Что осталось и почему
import-stay-led = компанию уже ведут
import-stay-worked-on = с компанией уже работали
import-stay-confirmed = есть и в более новой загрузке
import-stay-added-to = к ней добавили другое
import-stay-unseen = компания, которая вам не видна
import-stay-merged = объединена с другой компанией
import-stay-changed-full-name = полное название с тех пор исправлено
import-stay-changed-tax-id = ИНН с тех пор исправлен
import-stay-changed-kpp = КПП с тех пор исправлен
import-stay-changed-ogrn = ОГРН с тех пор исправлен
import-stay-changed-city = город с тех пор исправлен
import-stay-changed-address = адрес с тех пор исправлен
import-stay-changed-website = сайт с тех пор исправлен
import-stay-changed-industry = отрасль с тех пор исправлена
import-line = Строка
import-name = Название
import-tax-id = ИНН
import-phones = Телефоны
import-verdict = Вердикт
import-reason = Почему
verdict-any = все
verdict-new = новая
verdict-update = дополнит
verdict-in-base = есть в базе
verdict-in-file = повтор в файле
verdict-suppressed = не беспокоить
verdict-bad = негодная
delimiter-semicolon = точка с запятой
delimiter-comma = запятая
delimiter-tab = табуляция
delimiter-bar = вертикальная черта
meaning-ignore = не загружать
meaning-name = название
meaning-full-name = полное название
meaning-tax-id = ИНН
meaning-kpp = КПП
meaning-ogrn = ОГРН
meaning-city = город
meaning-address = адрес
meaning-country = страна
meaning-phones = телефоны
meaning-emails = почта
meaning-website = сайт
meaning-person = человек
meaning-surname = фамилия
meaning-given-name = имя, отчество
meaning-role = должность
meaning-industry = отрасль
meaning-note = заметка
part-full-name = полное название
part-tax-id = ИНН
part-kpp = КПП
part-ogrn = ОГРН
part-city = город
part-address = адрес
part-website = сайт
part-industry = отрасль
part-phones = телефоны
part-emails = почта
part-contacts = люди
part-role = должность
part-basis = основание для звонков
part-note = заметка
remark-no-name = Нет названия.
remark-name-of-person = Компания не указана: строка внесена под именем человека, { $value }.
remark-name-too-long = Слишком длинное название: { $value }
remark-tax-id-repaired = В ИНН восстановлен потерянный ноль или буква: { $value }.
remark-tax-id-foreign = ИНН не российский и не сохранён: { $value }
remark-tax-id-damaged = ИНН испорчен таблицей и не сохранён: { $value }
remark-tax-id-length = В ИНН неверное число цифр, он не сохранён: { $value }
remark-tax-id-all-zero = ИНН из одних нулей и не сохранён: { $value }
remark-tax-id-lead = ИНН с несуществующим регионом, он не сохранён: { $value }
remark-tax-id-checksum = В ИНН опечатка, контрольная цифра не сходится; он не сохранён: { $value }
remark-kpp-invalid = КПП не прочитан: { $value }
remark-ogrn-invalid = ОГРН не прочитан: { $value }
remark-email-invalid = Почта не прочитана: { $value }
remark-site-invalid = Сайт не прочитан: { $value }
remark-person-invalid = Имя человека не прочитано: { $value }
remark-row-is-heading = Это заголовок, повторённый посреди списка.
remark-person-nameless = Указана только должность, без имени: { $value }
remark-tax-id-of-company = Назван предпринимателем, а ИНН из десяти цифр, как у организации.
remark-ogrn-other-kind = ИНН и ОГРН разного рода: один — предпринимателя, другой — организации.
remark-ogrn-repaired = В ОГРН исправлена буква или дробный хвост: { $value }.
remark-kpp-repaired = В КПП восстановлен потерянный ноль или буква: { $value }.
remark-site-layout = Сайт набран не в той раскладке: { $value } прочитано как { $meant }.
remark-email-layout = Почта набрана не в той раскладке: { $value } прочитано как { $meant }.
remark-city-layout = Город набран не в той раскладке: { $value } прочитано как { $meant }.
remark-name-layout-maybe = Похоже на набор не в той раскладке: { $value } — может быть, { $meant }? Оставлено как есть.
remark-name-layout = Название набрано не в той раскладке: { $value } прочитано как { $meant }.
remark-in-column = Столбец { $column }. { $said }
remark-text-cut = Слишком длинный текст сокращён: { $value }
remark-parts-too-many = У компании не больше { $max } телефонов и столько же адресов почты; не взято: { $value }
remark-remarks-more = Ещё замечаний к этой строке: { $count }
remark-phone-empty = Телефон не прочитан: { $value }
remark-phone-spreadsheet-damage = Телефон испорчен таблицей, цифры потеряны: { $value }
remark-phone-no-area-code = Не хватает кода города: { $value }
remark-phone-short-number = Короткий номер службы: { $value }
remark-phone-too-short = В телефоне не хватает цифр: { $value }
remark-phone-too-long = В телефоне лишние цифры: { $value }
remark-phone-unassigned-code = Такой код никому не выдан: { $value }
remark-phone-not-in-plan = Такого телефона не бывает: { $value }
remark-phone-dummy = Телефон похож на выдуманный: { $value }
remark-row-empty = Пустая строка.
remark-row-lone-quote = Строка файла { $line }: кавычка открыта и не закрыта; она принята за букву.
remark-row-zero-bytes = Строка файла { $line }: нулевые байты пропущены.
remark-row-undecodable = Строка файла { $line }: есть байты, которых нет в этой кодировке.
remark-row-unfinished = Строка файла { $line }: у карточки нет конца.
remark-row-stray-lines = Строка файла { $line }: текст вне карточек.
remark-row-lost-digits = Строка листа { $line }: число слишком длинное для таблицы, последние цифры потеряны.
remark-row-unreadable = Есть нечитаемые знаки: похоже, выбрана не та кодировка.
remark-cell-too-long = Ячейка длиннее, чем бывает: { $value }
remark-cells-too-many = Лишние ячейки: { $found } вместо { $wanted }.
remark-row-brought-before = Такая же строка уже загружена: загрузка № { $import }, строка { $line }.
remark-row-same-above = Та же строка уже стоит выше: { $line }.
remark-row-repeats = Это компания из строки { $line }.
remark-row-is-company = Это компания № { $number } «{ $name }».
remark-cut-otherwise = Если делить по знаку «{ $delimiter }», в каждой строке один столбец; если по знаку «{ $other }», в первой строке их { $count }. Выберите другой разделитель в разделе «Как читать файл», если в списке не один столбец.
remark-heading-is-row = Строка { $line } («{ $value }») принята за заголовок и не будет загружена, хотя похожа на компанию. Если это компания, выберите для заголовка «нет».
remark-heading-twice = У столбцов { $first } и { $second } один заголовок «{ $value }»: первый читается, второй пропускается. Если второй нужен, укажите, что в нём.
remark-row-ids-collide = ИНН принадлежит компании № { $number } «{ $name }», а название или телефон — компании № { $other } «{ $called }». Из строки ничего не взято: исправьте в ней ошибку или сначала объедините эти компании.
remark-row-phone-of-other = Телефон { $phone } есть и у компании № { $number } «{ $name }».
remark-row-company-left = Это компания № { $number }, её убрали из базы, пока записывался файл. Из строки ничего не взято: загрузите её ещё раз.
remark-row-company-left-unseen = Компанию этой строки убрали из базы, пока записывался файл. Из строки ничего не взято: загрузите её ещё раз.
remark-row-company-merged = Это компания № { $number }, её объединили с № { $other }, пока записывался файл. Из строки ничего не взято: загрузите её ещё раз.
remark-row-was-removed = Такая компания была в базе и убрана из неё: № { $number } «{ $name }». Строка её не возвращает, а добавит новую.
remark-row-like-company = Похожа на компанию № { $number } «{ $name }».
remark-row-is-company-unseen = Это компания из базы, которая вам не видна.
remark-row-ids-collide-unseen = ИНН принадлежит одной компании базы, а название или телефон — другой; вам не видна ни та, ни другая. Из строки ничего не взято: исправьте в ней ошибку или сначала попросите объединить эти компании.
remark-row-ids-collide-first-unseen = ИНН принадлежит компании, которая вам не видна, а название или телефон — компании № { $other } «{ $called }». Из строки ничего не взято: исправьте в ней ошибку или сначала попросите объединить эти компании.
remark-row-ids-collide-other-unseen = ИНН принадлежит компании № { $number } «{ $name }», а название или телефон — компании, которая вам не видна. Из строки ничего не взято: исправьте в ней ошибку или сначала попросите объединить эти компании.
remark-row-phone-of-unseen = Один из телефонов есть и у компании, которая вам не видна.
remark-row-was-removed-unseen = Такая компания, вам не видная, была в базе и убрана из неё. Строка её не возвращает, а добавит новую.
remark-row-like-company-unseen = Похожа на компанию из базы, которая вам не видна.
remark-row-is-branch = Филиал компании № { $number } «{ $name }»: тот же ИНН, другой КПП.
remark-row-is-branch-unseen = Филиал компании, которая вам не видна: тот же ИНН, другой КПП.
remark-row-is-branch-of-row = Филиал компании из строки { $line }: тот же ИНН, другой КПП.
remark-row-like-row = Похожа на строку { $line }.
remark-row-adds = Добавит: { $what }.
remark-row-says-otherwise = В файле иначе, чем в базе: { $what } — «{ $value }», в базе «{ $had }». Осталось как в базе.
remark-row-says-otherwise-above = Иначе, чем в строке выше: { $what } — «{ $value }». Взято из строки выше.
remark-row-not-taken = Не взято: { $what }. Если это нужно, добавьте на карточке компании.
remark-row-company-banned = Эту компанию нельзя беспокоить: { $reason }.
remark-row-numbers-banned = По этим телефонам нельзя звонить: { $reason }.
remark-row-name-banned = Так же называется компания из того же города, которую нельзя беспокоить: { $reason }. Из строки ничего не взято, база не изменилась. Если это другая компания, укажите в строке её ИНН или добавьте её вручную.
remark-row-name-banned-unnumbered = Так же называется компания из того же города, ИНН которой неизвестен, и её нельзя беспокоить: { $reason }. Из строки ничего не взято, база не изменилась. Если это другая компания, добавьте её вручную.
remark-same-tax-id = Тот же ИНН { $tax_id }.
remark-same-repaired-tax-id = Тот же ИНН после исправления: { $tax_id }.
remark-different-repaired-tax-ids = ИНН разные, но один из них исправлен.
remark-name-same = То же название.
remark-name-spacing = То же название, слитно или раздельно.
remark-name-transliterated = То же название другими буквами.
remark-name-near = Почти то же название.
remark-name-within = Одно название входит в другое.
remark-name-overlapping = Названия отчасти совпадают.
remark-name-different = Названия разные.
remark-different-forms = Разные формы: { $left } и { $right }.
remark-shared-phone = Общий телефон { $phone }, других компаний с ним: { $carriers }.
remark-shared-email = Общая почта { $email }, других компаний с ней: { $carriers }.
remark-shared-domain = Общий сайт { $domain }, других компаний с ним: { $carriers }.
remark-same-city = Тот же город.
remark-different-kpps = Разные КПП: { $left } и { $right }. Возможно, это филиал.
remark-different-cities = Разные города: { $left } и { $right }.
invalid-column-unknown = Столбца «{ $heading }» нет. Есть: { $known }.
invalid-column-said-twice = Столбцу «{ $heading }» даны два смысла: укажите один.
invalid-column-twice = Столбцы { $first } и { $second } не могут значить одно и то же: оставьте одному его смысл, другому выберите иной или «не загружать».
refusal-import-empty-file = Файл пуст: в нём нет ни одной строки. Ничего не изменено. Проверьте, тот ли это файл.
refusal-import-file-too-large = Файл больше { $megabytes } МБ. Ничего не изменено. Упакуйте его в gz или zip либо разделите на части.
refusal-import-too-slow = Чтение файла заняло { $seconds } секунд и не закончилось. Ничего не изменено. Сохраните его как CSV или разделите на части.
refusal-import-too-heavy = Для чтения файла нужно больше { $megabytes } МБ памяти. Ничего не изменено. Сохраните его как CSV или разделите на части.
refusal-import-records-too-large = Записи файла даже в сжатом виде занимают больше { $megabytes } МБ: в нём снова и снова повторяется длинный текст. Ничего не изменено. Уберите столбец с этим текстом или разделите список.
refusal-import-too-many-rows = В файле больше { $millions } миллионов строк: для списка такого размера это слишком много. Ничего не изменено. Если файл сжат, загрузите его несжатым; иначе разделите его и загрузите части по очереди.
refusal-import-too-many-repeats = Так много строк файла повторяют друг друга, что их сравнение занимает больше { $megabytes } МБ памяти. Ничего не изменено. Уберите повторы или разделите список и загрузите снова.
refusal-import-repeats-midway = Запись закончилась на строке { $done } из { $total }: так много строк файла повторяют друг друга, что их сравнение занимает больше { $megabytes } МБ памяти. Записанное до этого места уже в базе, и поиск его находит; остальных строк в ней нет. Отмените загрузку или оставьте записанное и принесите остальные строки отдельным списком: дважды ни одна компания не попадёт.
refusal-import-no-room = Этому списку нужно около { $needed } МБ на диске сервера, а свободно { $free } МБ. Ничего не изменено. Попросите освободить место и повторите или разделите список и загрузите части по очереди.
refusal-import-reader-broke = Файл не удалось прочитать: его содержимое не такое, каким должно быть. Ничего не изменено. Откройте его в исходной программе и сохраните как CSV.
refusal-import-not-text = Это не таблица: файл не похож ни на текст, ни на книгу Excel, ни на карточки контактов. Ничего не изменено. Сохраните список как XLSX или CSV.
refusal-import-web-page = Это веб-страница, даже если она названа таблицей. Ничего не изменено. Откройте её в Excel и сохраните как XLSX или CSV.
refusal-import-other-packing = Файл упакован как { $name }, такое здесь не распаковывается. Ничего не изменено. Распакуйте его или упакуйте в zip или gz.
refusal-import-locked = Файл закрыт паролем. Ничего не изменено. Снимите пароль и загрузите снова.
refusal-import-nested = В архиве лежит другой архив: { $name }. Ничего не изменено. Загрузите внутренний отдельно.
refusal-import-no-list = В архиве нет ни одного списка. Ничего не изменено. Проверьте, тот ли это файл.
refusal-import-no-such-member = В архиве нет файла «{ $name }». Ничего не изменено. Выберите один из имеющихся.
refusal-import-no-such-sheet = В книге нет листа «{ $name }». Ничего не изменено. Выберите один из имеющихся.
refusal-import-no-such-encoding = Нет кодировки «{ $name }». Ничего не изменено. Выберите одну из списка.
refusal-import-unpacked-too-large = После распаковки файл больше { $megabytes } МБ. Ничего не изменено. Разделите список на части.
refusal-import-too-many-members = В архиве слишком много файлов. Ничего не изменено. Упакуйте список отдельно.
refusal-import-cell-too-long = Строка { $line }, столбец { $column }: ячейка длиннее возможного. Ничего не изменено. Проверьте это место: возможно, там пропущен разделитель.
refusal-import-too-many-cells = Строка { $line }: больше { $most } столбцов. Ничего не изменено. Проверьте это место или выберите другой разделитель.
refusal-import-record-too-long = Строка { $line }: запись длиннее возможного. Ничего не изменено. Проверьте это место.
refusal-import-broken = Файл ({ $part }) обрезан или испорчен. Ничего не изменено. Сохраните или перешлите его ещё раз и загрузите снова.
refusal-import-too-many-columns = Столбцов больше 200, а в списке столько не бывает. Ничего не изменено. Выберите другой разделитель; в книге Excel удалите столбцы, которые не относятся к списку.
refusal-import-no-names = Ни один столбец не назван «название». Укажите его.
refusal-import-no-rows = В файле только заголовок: строк нет.
refusal-import-stale = Загрузку за это время изменили. Посмотрите на неё заново.
refusal-import-still-checking = Строки ещё проверяются. Подождите немного.
refusal-import-already-committed = Загрузка уже записана.
refusal-import-not-committed = Загрузка ещё не в базе.
refusal-import-already-undone = Загрузка уже отменена.
refusal-import-file-changed = Сохранённый файл не тот, что был показан. Загрузите его снова.
refusal-import-not-stopped = Загрузка не остановлена, продолжать нечего.
refusal-import-nothing-to-stop = Останавливать нечего: загрузка уже не проверяется и не записывается.
refusal-import-not-yours = Прочитать загрузку иначе и записать её в базу может тот, кто загрузил файл, руководитель первой ступени или владелец. Ничего не изменено. Обратитесь к одному из них.
refusal-import-stop-not-yours = Остановить загрузку и продолжить её может тот, кто загрузил или записал файл, руководитель первой ступени или владелец.
refusal-import-undo-not-yours = Отменить загрузку может тот, кто загрузил или записал файл, руководитель первой ступени или владелец.
refusal-import-undo-too-late = Отменить загрузку целиком можно только в первые 24 часа. Теперь исправляйте компании по одной.
refusal-company-stale = Компанию за это время изменили. Посмотрите на неё заново.
refusal-company-not-in-base = Компании больше нет в базе.
refusal-company-not-suppressed = Запрет уже снят.
