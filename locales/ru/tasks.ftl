refusal-task-already-done = Эта задача уже выполнена. Обновите список.
refusal-task-already-theirs = Задача уже у этого человека.
refusal-task-person-gone = Этому человеку нельзя дать задачу: доступ закрыт. Выберите другого.
refusal-task-stale = Задачу только что изменил кто-то другой. Обновите список и повторите.
invalid-task-in-the-past = Это время уже прошло. Выберите время впереди.
task-late = просрочена
