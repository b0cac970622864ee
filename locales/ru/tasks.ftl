refusal-task-already-done = Эта задача уже выполнена. Обновите список.
refusal-task-already-theirs = Задача уже у этого человека.
refusal-task-person-gone = Этому человеку нельзя дать задачу: доступ закрыт. Выберите другого.
refusal-task-stale = Задачу только что изменил кто-то другой. Обновите список и повторите.
invalid-task-in-the-past = Это время уже прошло. Выберите время впереди.
task-late = просрочена
tasks = Задачи
tasks-open-count = { $count ->
    [one] { $count } открытая
    [few] { $count } открытые
   *[many] { $count } открытых
}
tasks-late-count = { $count ->
    [one] { $count } просрочена
    [few] { $count } просрочены
   *[many] { $count } просрочено
}
promises-late-count = { $count ->
    [one] { $count } просроченное обещание
    [few] { $count } просроченных обещания
   *[many] { $count } просроченных обещаний
}
steps-late-count = { $count ->
    [one] { $count } просроченный шаг
    [few] { $count } просроченных шага
   *[many] { $count } просроченных шагов
}
tasks-views = Какие задачи
tasks-view-open = Все открытые
tasks-view-due = На сутки вперёд
tasks-view-overdue = Просроченные
tasks-view-done = Выполненные
tasks-whose-mine = мои
tasks-whose-team = команды
tasks-none-open = Открытых задач нет
tasks-none-due = На ближайшие сутки задач нет
tasks-none-overdue = Просроченных задач нет
tasks-none-done = Выполненных задач пока нет
tasks-none-why = Сюда попадает то, что нужно сделать к сроку: записанное вами, порученное руководителем и то, о чём напоминают даты и договоры клиентов.
tasks-promised = Обещано клиентам
tasks-next-page = Дальше
task-new = Новая задача
task-about = О компании: { $name }
task-what = Что сделать
task-due = Срок
task-person = Кому
task-company = Компания
task-origin = Откуда
task-origin-person = записана
task-origin-handoff = передача
task-origin-date = важная дата
task-origin-renewal = договор кончается
task-origin-prototype = ответ о прототипе
task-act = Действия
task-add = Записать задачу
task-do = Сделано
task-do-of = Сделано: { $what }
task-done-at = сделано { $at }
task-put-off = Отложить
task-put-off-now = Отложить
task-put-off-count = { $count ->
    [one] отложена { $count } раз
    [few] отложена { $count } раза
   *[many] отложена { $count } раз
}
task-later-tomorrow = завтра в 10
task-later-days = через 3 дня в 10
task-later-week = через неделю в 10
task-give = Поручить
