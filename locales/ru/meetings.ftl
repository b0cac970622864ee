refusal-meeting-already-marked = Итог этой встречи уже отмечен.
refusal-meeting-not-yours = Итог встречи отмечает тот, кто её проводит, или руководитель его команды.
refusal-meeting-not-begun = Встреча ещё не началась. Отметьте итог, когда придёт её время.
refusal-meeting-stale = Встречу тем временем изменили. Откройте её заново.
invalid-meeting-in-the-past = Время встречи уже прошло.
