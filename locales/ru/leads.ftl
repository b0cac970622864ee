refusal-lead-stale-lease = Компания больше не закреплена за вами. Ваш текст сохранён.
refusal-lead-not-from-this-state = Лид уже в другом состоянии. Посмотрите на него ещё раз.
