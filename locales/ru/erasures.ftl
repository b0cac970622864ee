erasures = Акты уничтожения
erasures-what = Кто, когда и на каком основании уничтожил данные человека. Имён здесь нет.
erasures-csv = Скачать CSV
erasures-none = Актов ещё нет
erasures-none-why = Акт появляется, когда данные контактного лица стирают по его требованию: с карточки компании, по ссылке рядом с именем.
erasures-next = Более ранние акты
erasure-link = стереть данные…
erasure-new = Стереть данные человека
erasure-means = Имя, должность, телефоны, почта и важные даты будут уничтожены на всех карточках, в заметках, записях звонков и в файлах, из которых они пришли. Вернуть их будет нельзя.
erasure-stays = Останутся начисления, передачи и ход работы: в них только номера записей. Если этого человека снова принесёт файл или впишет сотрудник, он не вернётся: останется отпечаток, по которому его узнают, но не прочтут.
erasure-parts = Какие телефоны и адреса — этого человека
erasure-parts-hint = Отмеченное исчезнет у всех компаний. Телефоны и почту самой компании не отмечайте.
erasure-own = его собственный, исчезнет в любом случае
erasure-elsewhere =
    { $count ->
        [one] есть ещё на { $count } карточке
       *[many] есть ещё на { $count } карточках
    }
erasure-ground = Основание
erasure-choose = выберите
erasure-ground-asked = требование самого человека
erasure-ground-withdrawn = отзыв согласия
erasure-ground-ordered = решение органа власти или суда
erasure-ground-done = цель обработки достигнута
erasure-document = Документ
erasure-document-hint = Например, «вх. № 44 от 12.11.2026». Без имени: акт хранится и после уничтожения.
erasure-name = Чтобы подтвердить, впишите имя: { $name }
erasure-do = Стереть навсегда
erasure-not = Не стирать
erasure-act = Акт № { $number }
erasure-act-title = Акт об уничтожении персональных данных № { $number }
erasure-act-says = Персональные данные контактного лица уничтожены без возможности восстановления в системе.
erasure-record = Запись
erasure-destroyed = Что уничтожено
erasure-kept = Сохранены отпечатки под ключом фирмы: прочесть по ним ничего нельзя, но по ним система узнаёт человека и не принимает его данные снова. Резервные копии и выгрузки, сделанные раньше, живут по своему сроку хранения.
erasure-head-number = Акт
erasure-head-when = Когда
erasure-head-who = Кто
erasure-head-company = Компания
erasure-head-ground = Основание
erasure-head-document = Документ
erasure-head-what = Что уничтожено
erasure-count-contacts = Карточки человека
erasure-count-phones = Телефоны
erasure-count-emails = Адреса почты
erasure-count-dates = Важные даты
erasure-count-texts = Тексты, из которых вычеркнуто имя
erasure-count-records = Строки файлов, из которых вычеркнуто имя
erasure-count-files = Исходные файлы
erasure-sign = [стёрто, акт № { $number }]
invalid-erasure-document-names = Здесь названо имя или номер этого человека. Акт хранится и после уничтожения: оставьте только номер и дату документа.
refusal-erasure-done = Данные этого человека уже уничтожены: акт № { $number }.
refusal-erasure-other-name = Имя не совпадает. Впишите его так, как оно стоит на карточке.
refusal-company-erased =
    { $what ->
        [phone] Этот телефон стёрт по требованию: акт № { $number }. Вернуть его в базу нельзя.
        [email] Этот адрес почты стёрт по требованию: акт № { $number }. Вернуть его в базу нельзя.
       *[other] Данные этого человека стёрты по требованию: акт № { $number }. Вернуть его в базу нельзя.
    }
remark-row-erased = Стёрто по требованию, акт № { $number }, и не принято: { $what }.
part-phone = телефон
part-email = почта
part-person = человек
story-did-contact-erased = Контакт стёрт по требованию, акт № { $number }
