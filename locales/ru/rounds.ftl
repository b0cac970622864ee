round = Раунд
rounds = Актуализация
rounds-none = Раундов актуализации пока нет
rounds-none-why = Раунд обзванивает часть базы и выясняет, что в ней ещё верно: начните с самой старой загрузки.
round-new = Новый раунд актуализации
round-new-what = В очередь встанут только компании, у которых пора проверить выбранное; первыми – где проверка даст больше.
round-start = Начать раунд
round-who = Кто звонит
round-team = команда «{ $name }»
round-until = Последний день
round-ends = · до { $day }
round-import = Загрузка
round-any = любая
round-asks = Что выясняем
round-is-paid = Нужная проверка – целевое действие (платится по плану)
round-companies = Компании
round-done = Пройдено
round-through = Пройдено { $done } из { $all }
round-enlisting = База просматривается: компании, которые пора проверить, встают в очередь.
round-nothing-due = В этой части базы сейчас нечего проверять. Раунд смотрит снова раз в час.
round-found = Что выяснилось
round-found-none = Проверок пока нет.
round-checks = Проверок
round-people = Кто проверял
round-queue = Очередь
round-script-first = # Начало
    > Добрый день! Меня зовут {"{"}me{"}"}, мы уточняем сведения о компании {"{"}company{"}"}. Это займёт минуту.

    # Вопросы
    > Мы правильно позвонили: это {"{"}company{"}"}?
    > {"{"}contact{"}"} у вас ещё работает?
    > Кто у вас принимает решения по нашему вопросу?

    ? Откуда у вас номер?
    > Из открытого источника. Если скажете больше не звонить, мы не позвоним.
check-to-ask = Что выяснить
check-reach = Дозвон и номер
reach-talked = разговор, номер верный
reach-not-theirs = номер чужой
reach-dead = номера нет
reach-not-reached = нет ответа
reach-refusal = отвечать не хотят
reach-do-not-call = просят не звонить
check-works-there = { $name }: работает там?
check-stays = работает
check-left = больше не работает
check-who-decides = Кто решает?
check-another = другой человек
check-named = назвали, кто решает
check-another-one = назвали другой адрес
check-decider-name = Кто решает теперь
check-email-new = Новая почта
check-address-new = Новый адрес
