refusal-campaign-not-from-this-state = Кампания уже в другом состоянии. Посмотрите на неё ещё раз.
refusal-campaign-changed-meanwhile = Кампанию тем временем изменили. Сравните и сохраните ещё раз.
refusal-campaign-one-tier-each = Этот человек работает на другой ступени кампании, а её политика ступени разделяет.
refusal-campaign-not-of-that-tier = Этот человек не работает на этой ступени.
refusal-campaign-nobody-calls = В кампании пока некому звонить. Сначала добавьте звонящего.
refusal-campaign-no-script = У кампании ещё нет сценария. Сначала напишите его.
refusal-campaign-empty-segment = В выборке нет компаний, которым можно звонить. Расширьте её.
