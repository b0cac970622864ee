refusal-lead-stale-lease = Компания больше не закреплена за вами. Ваш текст сохранён.
refusal-lead-not-from-this-state = Лид уже в другом состоянии. Посмотрите на него ещё раз.
refusal-lead-not-running = Кампания сейчас не идёт. Выберите другую.
refusal-lead-holds-another = За вами закреплена другая компания. Сначала запишите итог по ней.
