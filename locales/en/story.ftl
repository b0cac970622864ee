story = Client's story
story-card = Company's card
story-led-by = led by { $name }
story-nobody-leads = nobody leads it
story-who = Who they are
story-local = { $time } there now
story-phone = Phone
story-no-people = No names yet.
story-noes = Refusals and bans
story-no-lead-refused = Refused in a call
story-no-handoff-rejected = Hand-off sent back
story-no-opportunity-lost = Opportunity lost
story-no-contract-ended = Contract closed
story-no-client-ended = Client left
story-ban-company = the company
story-ban-contact = a person
story-ban-phone = a number
story-ban-over = no longer in force
story-ban-by-name = called as a company that must not be called
story-until = until { $day }
story-next = What comes next
story-numbers-on-card = Whole numbers are on the company’s card
story-next-none = Nothing is planned: no meeting, no step, no task.
story-next-meeting = Meeting
story-next-step = Step of the sale
story-next-task = Task
story-next-callback = Promised call
story-next-answer = Answer to a hand-off
story-late = late
story-promises-none = Nothing was promised.
story-needs = Their need and what was said
story-needs-none = No hand-off yet: what they need will be learnt in a call.
story-sales = Contracts and opportunities
story-sales-none = No opportunity and no contract yet.
story-paid = paid { $sum }
story-paid-last = last payment { $day }
story-orders-none = No orders yet.
story-prototypes = { $count ->
    [one] { $count } prototype shown
   *[other] { $count } prototypes shown
}
story-timeline = What happened
story-nothing = Nothing has happened yet
story-nothing-why = Every event with this client will stand here, in all tiers: calls, meetings, hand-offs, contracts, orders.
story-newest = To the newest
story-older = Earlier
story-closed-refused = refused for good
story-closed-do-not-call = they asked not to be called
story-closed-abusive = abuse
story-closed-attempts-exhausted = attempts used up
story-closed-checked = checked
story-closed-rejects-calls = rejects our calls
story-closed-no-number = no number left
story-did-company-added = Company added to the base
story-did-company-changed = Company's details corrected: { $what }
story-did-company-verified = Checked: { $what } — { $why }
story-did-company-note-written = Note
story-did-contact-suppressed = Ban: { $what } — { $why }
story-did-company-merged = Records merged: { $what }
story-did-client-joined = Service merged: client No. { $number } is led for both companies
story-did-client-parted = Client No. { $number } is served by itself again
story-did-company-merge-undone = Merge undone: { $what }
story-did-company-stray-placed = Placed with this company after a merge was undone
story-did-company-tied = Tied to a company: { $what } — { $why }
story-another-company = another company
story-did-company-untied = Tie ended: { $what } — { $why }
story-did-pair-decided = Decision about a company alike: { $why }
story-did-pair-reopened = Decision about a company alike taken back
story-closed-merged = the company was merged into another
story-did-contact-suppression-lifted = Ban lifted: { $what } — { $why }
story-did-lead-closed = Calling is over: { $why }
story-did-lead-reopened = To be called again: the ban was lifted
story-did-lead-refused = Refusal: { $why }
story-did-lead-decision-maker-found = Who decides was found
story-did-lead-qualified = Lead qualified
story-did-call-recorded = Call: { $why }
story-did-incoming-told = They called us
story-did-call-denied = Calling was not allowed: { $why ->
    [not_in_base] the company is out of the base
    [suppressed] the company or the number is banned
    [led] sales or service lead the company
    [no_basis] there is no legal basis
    [no_phone] there is no number to call
    [number_held] its number is said not to exist · again { $what }
    [number_total] all attempts at its number are used up
    [number_day] enough attempts at its number today · again { $what }
    [number_week] the country allows no more at this number in a week · again { $what }
    [number_month] the country allows no more at this number in 30 days · again { $what }
    [number_pressure] enough contacts at its number over all companies · again { $what }
    [number_gap] too soon after the last attempt at its number · again { $what }
    [number_in_hand] its number is being called for another company · again { $what }
    [day_part] this part of the day had its calls; another one comes first · again { $what }
    [attempts_total] all attempts are used up
    [parts_total] every part of the day had its attempts
    [attempts_day] enough attempts today · again { $what }
    [gap] too soon after the last attempt · again { $what }
    [cool_down] they refused not long ago · again { $what }
    [pressure] enough contacts over all campaigns · again { $what }
    [cap_day] the country allows no more in a day · again { $what }
    [cap_week] the country allows no more in a week · again { $what }
    [cap_month] the country allows no more in 30 days · again { $what }
    [holiday] it is a holiday there · again { $what }
   *[hours] it is outside calling hours there · again { $what }
    }
story-did-call-reversed = Outcome of a call taken back: { $why }
story-did-callback-promised = Call promised: { $what }
story-did-callback-cancelled = Promised call will not be made: { $what } · { $why }
story-did-callback-reopened = Promised call is owed again: { $what }
story-did-callback-passed = Nobody stands in for the promised call any more: { $what }
story-did-meeting-booked = Meeting booked
story-did-meeting-held = Meeting held
story-did-meeting-missed = Meeting did not take place: { $why }
story-did-handoff-offered = Hand-off offered: { $what } → { $to }
story-did-handoff-reassigned = Hand-off reassigned: { $what } → { $to }
story-did-handoff-accepted = Hand-off accepted: { $what } → { $to }
story-did-handoff-rejected = Hand-off sent back: { $why }
story-did-company-returned = The firm came back by another’s hand-off: it is credited to whoever brought it first
story-did-company-return-undone = The return is not counted: the rejection was overturned
story-did-handoff-expired = Hand-off got no answer in time
story-did-handoff-disputed = Rejection contested
story-did-handoff-decided = Contest decided: { $why }
story-did-opportunity-opened = Opportunity opened
story-did-opportunity-advanced = Opportunity at stage: { $why }
story-did-opportunity-changed = Opportunity's details updated: { $what }
story-did-opportunity-reassigned = Opportunity led from now on by { $who }
story-did-opportunity-lost = Opportunity lost: { $why }
story-did-opportunity-won = Opportunity won
story-did-opportunity-reopened = Opportunity worked again
story-did-contract-signed = Contract signed · { $sum }
story-did-contract-ended = Contract closed: { $why }
story-did-payment-entered = Payment came in · { $sum }
story-did-payment-reversed = Payment reversed: { $why } · { $sum }
story-did-letter-asked = Writing was not allowed: { $why ->
    [not_in_base] the company is out of the base
    [suppressed] a ban holds
    [led] sales or service lead the company
    [no_basis] there is no legal basis
    [cool_down] they refused not long ago · again { $what }
   *[pressure] enough calls and letters over all campaigns · again { $what }
    }
story-did-letter-sent = Letter, { $why }: { $what }
story-did-letter-taken-back = Letter taken back, { $why }: { $what }
story-did-promise-made = Promised: { $what }
story-did-promise-kept = Promise kept: { $what }
story-did-promise-broken = Promise broken: { $what }
story-did-promise-released = Promise released by the client: { $what }
story-did-promise-passed = Promises kept from now on by { $who }: { $what }
story-did-client-opened = Client taken into service
story-did-client-extended = Another contract of the client
story-did-client-reassigned = Led from now on by { $who }
story-did-client-onboarding-step-done = Onboarding: { $what }
story-did-client-onboarding-step-undone = Onboarding, ticked by mistake: { $what }
story-did-client-kept = Client stays with us: { $what }
story-did-client-ended = Client left: { $why }
story-did-order-opened = Order No. { $number } opened: { $what }
story-did-order-delivered = Order No. { $number } delivered: { $what }
story-did-order-cancelled = Order No. { $number } cancelled: { $why }
story-did-prototype-added = Prototype version made: order No. { $number }
story-did-prototype-sent = Prototype sent to the client: order No. { $number }
story-did-prototype-approved = Prototype approved: order No. { $number }
story-did-prototype-commented = Client asks to change the prototype: order No. { $number }
story-did-date-noted = Important date noted
story-did-date-removed = Important date removed
story-did-task-made = Task set: { $what }
story-did-task-put-off = Task put off until { $why }: { $what }
story-did-task-done = Task done: { $what }
story-did-company-check-reversed = A check was taken back
story-did-company-phone-held = A number that is said not to exist is left alone for a while
story-did-company-phone-failed = A number leads nowhere
story-did-contact-left = A contact works there no more
story-field-name = name
story-field-full-name = full name
story-field-tax-id = tax number
story-field-kpp = KPP
story-field-ogrn = OGRN
story-field-city = town
story-field-address = address
story-field-website = site
story-field-industry = industry
story-field-source = source
story-field-phones = phones
story-field-emails = mail addresses
story-field-contacts = people
story-field-basis = ground for contact
story-field-next-step = next step
story-field-next-step-at = day of the next step
story-field-expected-close-on = day of the contract
story-field-amount = amount
story-field-need = need
