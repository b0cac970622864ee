phone = Phone
phone-call = Call
phone-hang-up = Hang up
phone-by-link = Your telephone calls
phone-no-call = There was no call
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
attempt-end-number-not-allowed = not called: this number may not be called
attempt-end-not-placed = not called
attempt-end-interrupted = cut off: the server was gone; say what you know
refusal-phone-not-here = Your phone is not connected. Start it, or call by the link.
refusal-trunk-down = Calls do not go out just now. Call by the link, or try again in a minute.
refusal-own-numbers-pause = All our numbers are blocked by far networks and pause. Call by the link, or ask your administrator to look at “Telephony”.
refusal-attempt-under-way = You have a call under way. Hang up first.
refusal-attempt-over-already = This call is over already.
refusal-recording-gone = The file of this recording is not here any more.
refusal-call-denied = No call now: { $rule ->
    [not_in_base] the company is out of the base
    [suppressed] the company or the number is banned
    [led] sales or service lead the company
    [no_basis] there is no legal basis
    [no_phone] there is no number to call
    [number_held] its number is said not to exist; it is tried again then
    [number_total] all attempts at its number are used up
    [number_day] enough attempts at its number today
    [number_week] the country allows no more at this number in a week
    [number_month] the country allows no more at this number in 30 days
    [number_pressure] enough contacts at its number over all companies
    [number_gap] too soon after the last attempt at its number
    [number_in_hand] its number is being called for another company
    [day_part] this part of the day had its calls; another one comes first
    [attempts_total] all attempts are used up
    [parts_total] every part of the day had its attempts
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
trunk-trouble = Calls come to nothing since { $time }:
trunk-closed = Nobody is called until { $time }.
own-numbers-paused = Numbers of ours that pause
own-numbers-why = A machine of the network at the far end blocked a call from this number. It is left alone for a day; ask the carrier why, then call from it again.
own-number-paused = { $number } pauses until { $time }
own-number-contact = they say to ask: { $contact }
own-number-resume = Call from it again
connectors = Telephony
connectors-count = { $count ->
    [one] { $count } connector
   *[other] { $count } connectors
    }
connectors-why = A connector is an exchange of a telephone provider that tells this product of its calls: when they rang, were answered and ended, and who calls in. Without one, the times of calls by link are what callers say.
connectors-none = No connectors yet
connectors-none-why = Make one below, paste its address at the provider's site, and say whose extension is whose.
connector-name = Name
connector-provider = Provider
connector-state = State
connector-heard = Heard last
connector-made = Made
connector-renewed = Secret of
connector-ended = ended
connector-believed = listened to
connector-make = Make a connector
connector-account = Key of the account
connector-zone = Zone of the account, as Europe/Moscow
connector-secret = Secret
connector-secret-hint = Zadarma: the secret of the API, and the zone that is set in the account where it is not the firm’s. Mango Office: the key of the exchange (vpbx_api_key) as the key, the salt (vpbx_api_salt) as the secret. Twilio: the token of the account. For UIS and for an exchange of your own leave both empty: the secret is made here.
connector-secret-once = Copy it now. It is shown only this once.
connector-shown-already = The secret was shown already. Make another one if it is lost.
connector-url = Address to paste at the provider's site
connector-url-hint-zadarma = Notifications of calls of the exchange, POST. The time zone of the account there is that of the firm here.
connector-url-hint-mango = API connector, address of the external system. Switch on the events of calls, their summary and recordings.
connector-url-hint-uis = Notifications over HTTP, POST, with the bodies of docs/telephony.md. The secret is the last part of the address and is shown only once; whoever knows the address is believed.
connector-url-hint-twilio = Status callback of numbers, phones and Dial, POST, with the events initiated, ringing, answered and completed.
connector-url-hint-generic = The form and the signature are those of docs/telephony.md.
connector-extensions = Extensions
connector-extensions-why = By its extension a call is found among those of its person, and they hear who calls them. For UIS it is the id of the employee, for Twilio the name of the phone.
connector-extension = Extension
connector-person = Person
connector-assign = Assign
connector-unassign = Take away
connector-renew = Another secret
connector-renew-hint = The old one ends at once; what is signed with it is not believed.
connector-end = End the connector
connector-end-hint = Nothing it tells is believed any more, and its secret is destroyed. What it told stays.
provider-zadarma = Zadarma
provider-mango = Mango Office
provider-uis = UIS / CoMagic
provider-twilio = Twilio
provider-generic = another exchange
refusal-connector-ended = This connector has ended. Make another one.
invalid-connector-not-needed = Leave it empty: it is made here, or there is none with this provider.
calling-title = Who calls
calling-nobody = Nobody calls just now
calling-why = When a company calls that you lead, hold or called last, it says so on every page.
calling-rings = is calling,
calling-talks = is being talked to since
calling-over = called at
calling-missed = called and nobody answered,
calling-open = Open the card
calling-hide = Hide
unknown-calls = Calls of unknown numbers
unknown-calls-why = No company of the base has these numbers. Say whose the call was, and it stands with that company as any other; or that it was nobody’s, and it stays on record alone.
unknown-call-hidden = hidden number
unknown-call-rings = rings
unknown-call-talks = being talked to
unknown-call-over = taken
unknown-call-missed = nobody took it
unknown-call-company = A company of the base
unknown-call-company-hint = The address of its card.
unknown-call-new = Or the name of a new one
unknown-call-tie = It was theirs
unknown-call-none = It was no company’s
unknown-calls-settled = What was said of others
unknown-call-aged = nobody said whose it was in thirty days
unknown-call-nobodys = no company’s
unknown-call-elsewhere = a company that is not in your sight
refusal-unknown-call-settled = Somebody has said already whose call this was.
invalid-unknown-call-whose = Choose a company or name a new one, not both. Nothing was written.
invalid-connector-zone = This zone is not known. Name it as in Europe/Moscow, or leave it empty where it is the firm’s. Nothing was changed.
