onboarding-first-greeting = Познакомиться: кто теперь ведёт клиента и как с ним связаться
onboarding-first-contacts = Проверить людей клиента и их важные даты
onboarding-first-promises = Пройти по обещаниям, данным до договора
onboarding-first-brief = Собрать пожелания и исходные материалы
onboarding-first-plan = Согласовать план и сроки первого заказа
onboarding-first-payment = Сверить реквизиты и порядок оплаты
