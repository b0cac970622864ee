refusal-opportunity-stale = Пока страница была открыта, сделку кто-то изменил. Посмотрите, что нового, и повторите.
refusal-opportunity-already-won = Сделка уже выиграна: работа продолжается по договору.
refusal-opportunity-already-lost = Сделка закрыта как проигранная. Чтобы продолжить, верните её в работу.
refusal-opportunity-not-lost = Вернуть в работу можно только проигранную сделку.
refusal-opportunity-already-there = Сделка уже на этом этапе.
refusal-move-too-late-to-undo = Этот перенос уже не отменить. Перенесите сделку обратно вручную.
refusal-opportunity-already-opened = По этой передаче сделка уже открыта.
invalid-stage-wants-next-day = У следующего шага ещё нет дня: без него на следующий этап не перейти.
invalid-stage-wants-next-step = Для следующего этапа нужен следующий шаг с датой.
invalid-stage-wants-need = Для следующего этапа опишите нужду клиента.
invalid-stage-wants-amount = Для следующего этапа нужна сумма.
invalid-stage-wants-expected-close = Для следующего этапа нужен ожидаемый день договора.
sales-pipeline = Воронка
sales-stages = Этапы
sales-all-stages = Все
sales-stage = Этап
sales-whose = Чьи
sales-who-mine = мои
sales-who-team = отдела
sales-who-all = все
sales-open-opportunities = { $count ->
    [one] { $count } сделка в работе
    [few] { $count } сделки в работе
   *[many] { $count } сделок в работе
}
sales-as-table = Таблицей
sales-as-board = Доской
sales-no-amount = без суммы
sales-move = Перенести
sales-undo = Отменить
sales-opportunity-moved = { $company }: теперь «{ $stage }».
sales-not-moved = Не перенесено.
sales-open-it = Открыть сделку
sales-show-all = { $count ->
    [one] Показать всю { $count } сделку
    [few] Показать все { $count } сделки
   *[many] Показать все { $count } сделок
}
sales-stuck-days = { $count ->
    [one] стоит { $count } день
    [few] стоит { $count } дня
   *[many] стоит { $count } дней
}
sales-stuck = застряла
sales-mark = Отметка
sales-mark-stuck = застряла
sales-mark-no-step = нет шага
sales-mark-late = шаг просрочен
sales-any-mark = с любой отметкой
sales-with-mark-stuck = застрявшие
sales-with-mark-no-step = без следующего шага
sales-with-mark-late = с просроченным шагом
sales-any-stage = на любом этапе
sales-show = Показать
sales-state = Состояние
sales-opportunities = Сделки
sales-opportunities-open = в работе
sales-opportunities-won = выигранные
sales-opportunities-lost = проигранные
sales-no-opportunities = Таких сделок нет
sales-no-opportunities-why = Измените условия в строке выше: сделки других людей и отделов здесь не видны.
sales-next-page = Дальше
sales-company = Компания
sales-amount = Сумма
sales-next-step = Следующий шаг
sales-next-step-at = Когда
sales-expected-close = Договор ожидается
sales-leads-it = Ведёт
sales-pipeline-empty = В воронке пока пусто
sales-pipeline-empty-why = Сделка появляется здесь, когда вы принимаете передачу от привлечения или от обслуживания.
sales-pipeline-empty-do = К передачам
sales-opportunity = Сделка
sales-opportunity-won = выиграна
sales-opportunity-lost = проиграна
sales-up-sell = допродажа
sales-days-here = { $count ->
    [one] { $count } день на этапе
    [few] { $count } дня на этапе
   *[many] { $count } дней на этапе
}
sales-move-on-to = Дальше: { $stage }
sales-criterion-next-step = следующий шаг
sales-criterion-need = нужда
sales-criterion-amount = сумма
sales-criterion-expected-close = день договора
sales-missing = не хватает
sales-now-and-next = Что дальше
sales-need = Нужда клиента
sales-outcome-of-it = Чем кончилось
sales-win-it = Выиграна: подписать договор
sales-win-means = Сделка закроется как выигранная, договор откроется в ту же минуту и клиент перейдёт к обслуживанию.
sales-win-told = Обещано без срока: { $words }. Запишите срок; иначе обещание так и перейдёт с клиентом в обслуживание.
sales-contract-value = Стоимость договора
sales-term-from = Срок с
sales-term-to = Срок по
sales-sign-contract = Подписать договор
sales-lose-it = Проиграна: закрыть
sales-loss-reason = Почему
sales-loss-note = Что сказал клиент
sales-loss-price = дорого
sales-loss-competitor = выбрали другого
sales-loss-no-budget = нет денег
sales-loss-no-need = нет нужды
sales-loss-timing = не сейчас
sales-loss-terms = не подошли условия
sales-loss-not-ours = мы такого не делаем
sales-loss-silent = перестали отвечать
sales-loss-other = другое
sales-choose = выберите
sales-close-as-lost = Закрыть как проигранную
sales-closed-at = Закрыта
sales-open-contract = Открыть договор
sales-reopen-it = Вернуть в работу
sales-passport-of-handoff = Паспорт передачи
sales-passport-none = Паспорта нет: сделка открыта без передачи.
sales-open-handoff = Открыть передачу
sales-answer-who = Кто решает
sales-answer-need = Нужда
sales-answer-budget = Бюджет
sales-answer-timing = Срок
sales-answer-promises = Обещано
sales-answer-next-step = Следующий шаг
sales-promises-to-client = Обещания клиенту
sales-promises-none = Открытых обещаний нет.
sales-whom-to-call = Кому звонить
sales-open-numbers = Номера целиком – в карточке компании; кто их открыл, записывается
sales-promise-late = просрочено
sales-history = Что было
sales-did-opportunity-opened = Сделка открыта
sales-did-opportunity-reassigned = Передана другому продавцу
sales-did-opportunity-advanced = Этап: { $stage }
sales-did-opportunity-changed = Уточнены данные: { $fields }
sales-did-opportunity-lost = Сделка проиграна
sales-did-opportunity-reopened = Сделка возвращена в работу
sales-did-opportunity-won = Сделка выиграна
sales-promise-it = Пообещать
sales-promise-words = Что обещано клиенту
sales-promise-due = До какого времени
sales-promise-do = Записать обещание
