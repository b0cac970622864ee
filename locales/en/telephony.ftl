phone = Phone
phone-call = Call
phone-hang-up = Hang up
phone-registered = registered
phone-unregistered = not registered
phone-here = phone connected
phone-away = Your phone is not connected: start it, or call by the link
phone-no-trunk = Calls do not go out just now: call by the link
phone-recorded = recorded
phone-talked = talked { $time }
phone-say-how = Say how the call went; then comes the next company.
phone-secret = Password of the phone
phone-secret-once = Type it into the phone now. It is shown only this once.
phone-shown-already = The password was shown already. Make another one if it is lost.
phone-server = Server
phone-no-engine = telephony is not switched on at this server
phone-name = Name
phone-state = State
phone-made = Password made
phone-why = With this account a softphone or a desk phone registers, and the person calls from the cockpit. A new password ends the old one.
phone-make = Make an account
phone-renew = Make another password
phone-remove = Take the account away
person-phone = Phone account
recording-hear = listen
attempt-state-asked = calling your phone
attempt-state-taken = your phone rings: pick it up
attempt-state-dialling = dialling
attempt-state-ringing = it rings there
attempt-state-answered = talking
attempt-end-answered = the call is over
attempt-end-busy = busy
attempt-end-no-answer = no answer
attempt-end-rejected = declined
attempt-end-unwanted = they say that such calls are unwanted
attempt-end-blocked = our number was blocked on the way
attempt-end-invalid-number = there is no such number
attempt-end-forbidden = not called: the trunk may not call there
attempt-end-account = not called: the trunk does not take our account
attempt-end-media-mismatch = not called: no sound that both ends understand
attempt-end-trunk-failure = not called: the trunk failed
attempt-end-abandoned = answered, and nobody spoke
attempt-end-cancelled = taken back
attempt-end-phone-away = not called: your phone was not picked up
attempt-end-number-not-allowed = not called: this number is not among those that may be called
attempt-end-not-placed = not called
attempt-end-interrupted = cut off: the server was gone; say what you know
refusal-phone-not-here = Your phone is not connected. Start it, or call by the link.
refusal-trunk-down = Calls do not go out just now. Call by the link, or try again in a minute.
refusal-attempt-under-way = You have a call under way. Hang up first.
refusal-attempt-over-already = This call is over already.
refusal-recording-gone = The file of this recording is not here any more.
refusal-call-denied = No call now: { $rule ->
    [not_in_base] the company is out of the base
    [suppressed] the company or the number is banned
    [led] sales or service lead the company
    [no_basis] there is no legal basis
    [no_phone] there is no number to call
    [attempts_total] all attempts are used up
    [attempts_day] enough attempts today
    [gap] too soon after the last attempt
    [cool_down] they refused not long ago
    [pressure] enough contacts over all campaigns
    [cap_day] the country allows no more in a day
    [cap_week] the country allows no more in a week
    [cap_month] the country allows no more in 30 days
    [holiday] it is a holiday there
   *[hours] it is outside calling hours there
    }. Ask again { $until }.
refusal-attempt-talks-now = They are being talked to just now. Wait until the call is over.
