refusal-promise-already-answered = По этому обещанию уже есть ответ.
refusal-promise-stale = Обещание тем временем изменили. Откройте его заново.
invalid-promise-in-the-past = Срок обещания уже прошёл.
invalid-promise-broken-why = Напишите, почему обещание не выполнено.
