refusal-letter-denied = Do not write now: { $rule ->
    [not_in_base] the company is out of the base. Nothing was recorded
    [suppressed] the company, the person or the number is banned. Look at the bans on the company's card; a head may lift one
    [led] sales or service lead the company. Pass on to them what you wanted to say
    [no_basis] there is no legal basis. Record one on the company's card, or say that they asked for the letter
    [cool_down] they refused not long ago. You may from { $until } on, or at once where they ask for it
   *[pressure] enough calls and letters over all campaigns. You may from { $until } on, or at once where they ask for it
    }.
refusal-letter-too-late = Ten minutes are over: the letter stays on record.
refusal-letter-taken-back-already = This letter has been taken back already.
invalid-letter-address-misfits = A mail goes to a mail address, a message to a number, a letter on paper to none of these. Choose another way or address.
invalid-letter-address-of-another = This address is another person's. Choose the person it belongs to, or another address.
invalid-letter-address-unknown = The company has no such mail address on record, and nothing was written. Add the address to the company first, or name one that its card has.
invalid-letter-in-the-future = This time has not come yet. Record the letter once it is sent.
invalid-letter-too-long-ago = A letter is recorded within { $days } days. Note an earlier one among the notes of the company.
letters = Letters
letters-to = Letters to { $company }
letter-company = Company
letter-record = A letter
letter-record-do = Record as sent
letter-ask = May I write?
letter-may = You may write now.
letter-not-yours = You may write while you have the company in hand or lead it.
letter-none = No letters here
letter-none-why = A mail, a message or a letter on paper is recorded by whoever sent it. It counts together with the calls, so that nobody is pressed.
letter-way = How it goes
letter-way-mail = mail
letter-way-post = on paper
letter-way-messenger = messenger
letter-contact = To whom
letter-nobody = nobody in particular
letter-address = To which address
letter-no-address = none on record
letter-campaign = Campaign
letter-no-campaign = that of the company in hand, or none
letter-sent = Sent at
letter-subject = About what
letter-note = Note
letter-is-answer = They asked for it
letter-is-answer-why = An answer to them, or what a contract owes them. It is not counted, and a ban holds for it, too.
letter-to = To
letter-sender = Who
letter-state = Counted
letter-is-counted = counted with the calls
letter-is-asked-for = asked for, not counted
letter-is-taken-back = taken back
letter-take-back = Take back
