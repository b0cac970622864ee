refusal-campaign-not-from-this-state = The campaign has moved on to another state. Look at it again.
refusal-campaign-complained = Complaints stopped this campaign. Say why it goes on.
refusal-campaign-changed-meanwhile = Somebody changed the campaign meanwhile. Compare and save again.
refusal-campaign-one-tier-each = This person works in another tier of the campaign, and its policy keeps the tiers apart.
refusal-campaign-not-of-that-tier = This person does not work in that tier.
refusal-campaign-nobody-calls = Nobody calls in this campaign yet. Add a caller first.
refusal-campaign-no-script = The campaign has no script yet. Write one first.
refusal-campaign-empty-segment = The segment holds no company that may be called. Widen it.
invalid-advertising-needs-consent = Advertising by phone needs consent. Choose another purpose or the basis “consent”.
invalid-ends-before-it-begins = It ends before it begins.
invalid-not-a-time = A time of day is wanted, for example 09:00.
invalid-too-many-checkpoints = Too many checkpoints: at most { $max }.
invalid-too-many-branches = At most { $max } branches: each has a key.
campaign = Campaign
campaigns = Campaigns
campaigns-none = No campaigns yet
campaigns-none-why = A campaign says whom you call, with which words and how often. Make one over a part of your base.
campaign-make = New campaign
campaign-new = New campaign
campaign-name = Name
campaign-team = Team
campaign-state = State
campaign-state-draft = draft
campaign-state-running = running
campaign-state-paused = paused
campaign-state-stopped = stopped
campaign-made = Made
campaign-engagement = Who leads the client
campaign-purpose = Purpose
purpose-advertising = advertising
purpose-contract = offer of a contract to an organisation
purpose-service = serving our clients
purpose-actualisation = keeping the base true
purpose-research = research
campaign-basis = Legal basis
campaign-basis-hint = Only companies with this basis on record are called.
basis-consent = consent
basis-public-source = published business contact
basis-contract = contract with them
basis-legitimate-interest = legitimate interest
campaign-law = Purpose and basis
campaign-principal = Principal
campaign-principal-none = none: we call for ourselves
campaign-segment = Companies
campaign-segment-hint = Always left out: do-not-call, led by a seller or an account manager, already in this campaign.
campaign-city = Town
campaign-industry = Industry
campaign-source = Source
campaign-number-from = Number from
campaign-number-to = Number to
campaign-of-one-import = Only companies of one file:
campaign-the-import = the import
campaign-mix = Shares of lists
campaign-mix-example = Trade fair 60
campaign-mix-hint = One list (source) in a line with its share of a hundred calls; what is not named has the rest. Holds from the next launch.
campaign-with-phoneless = also without a phone
campaign-only-with-phone = with a phone
campaign-with-shared = also those in another running campaign
campaign-count = Count
campaign-groundless = { $count ->
    [one] of them without that basis: { $count }; nobody will call it
   *[other] of them without that basis: { $count }; nobody will call them
    }
campaign-launch-groundless = { $count ->
    [one] The launch takes { $count } company without the basis that this campaign names: nobody will call it before the basis is noted, on its card or by importing its list again with it.
   *[other] The launch takes { $count } companies without the basis that this campaign names: nobody will call them before the basis is noted, on their cards or by importing their list again with it.
    }
campaign-takes-new = Companies that came into the segment later enter the queue after “Pause” and “Go on”.
campaign-counted = { $count ->
    [one] { $count } company
   *[other] { $count } companies
}
campaign-when = Days and hours
campaign-from = From
campaign-to = To
campaign-client-zone = by the client's own clock
campaign-holidays-off = public holidays off
campaign-calendar = Whose holidays
campaign-calendar-hint = Where the rules of a country hold, their holidays are kept.
calendar-ru = Russia
calendar-us = United States
calendar-gb = England and Wales
calendar-de = Germany
calendar-fr = France
calendar-ca = Canada
calendar-au = Australia
calendar-eu = European Union
weekday-0 = Mon
weekday-1 = Tue
weekday-2 = Wed
weekday-3 = Thu
weekday-4 = Fri
weekday-5 = Sat
weekday-6 = Sun
campaign-how-often = How often and how long
campaign-attempts-max = Attempts in all
campaign-attempts-per-day-max = Attempts a day
campaign-gap-minutes = Minutes between attempts
campaign-spreads = Spread the attempts over morning, midday and afternoon
campaign-parts = Attempts that may reach nobody in a part of the client’s day; empty where only all of them count, 0 where nobody is called then.
campaign-morning-max = In the morning
campaign-midday-max = At midday
campaign-afternoon-max = In the afternoon
invalid-no-part-left = No part of the day is left: nobody could be called. Leave one of the three empty, or give it an attempt.
campaign-cool-down-days = Days of peace after a refusal
campaign-pressure-max = Calls and letters over all campaigns
campaign-pressure-days = … within days
campaign-lease-seconds = A company is held for, s
campaign-callback-grace-minutes = A promised call waits for its caller, min
campaign-acceptance-minutes = Working minutes to accept a lead
campaign-passport = Passport wants
passport-who = who decides
passport-need = need
passport-budget = budget
passport-timing = timing
passport-promises = promised
passport-next-step = next step
campaign-targets = Paid to tier 1
campaign-targets-hint = A change holds for what is checked, found, booked or offered after it; what began before is paid as it began.
target-company-verified = record checked
target-decision-maker-found = decision maker found
target-lead-accepted = lead accepted
target-meeting-held = meeting held
campaign-script = Script
campaign-script-none = No script yet. Write one: without it the campaign cannot start.
campaign-script-hint = # heading, = branch of the talk, > words to say, [ ] checkpoint, ? objection with its answer below. In a call {"{"}contact{"}"} is the name of whom one talks to, {"{"}company{"}"} that of the company, {"{"}me{"}"} that of who calls.
campaign-script-names = In a call {"{"}contact{"}"} is the name of whom one talks to, {"{"}company{"}"} that of the company, {"{"}me{"}"} that of who calls.
campaign-script-first = # Opening
    > Good day, {"{"}contact{"}"}! This is {"{"}me{"}"}.
    > May I take two minutes?
    {"[ ]"} Said who calls and why

    # Need
    > How do you do this now?
    {"[ ]"} Heard the need

    ? No time
    > When would a call suit you?

    ? Too expensive
    > Compared with what?

    # Agreement
    > Let us agree on a meeting.
    {"[ ]"} Agreed the next step
campaign-script-write = Write a new version
campaign-script-save = Save as a new version
campaign-script-version = version { $version }
campaign-script-versions = { $count ->
    [one] { $count } version is kept
   *[other] { $count } versions are kept
}
campaign-launch = Launch
campaign-go-on = Go on
campaign-pause = Pause
campaign-stop = Stop for good
campaign-queue = Queue
campaign-edit = Change
campaign-more = More
campaign-terms = Terms
campaign-people = People
campaign-person = Person
campaign-tier = Tier
campaign-remove = remove
campaign-add-person = Add
campaign-attempts = Attempts
campaign-attempts-told = { $total } in all, { $day } a day
campaign-complaints-max = Complaints of 10,000 calls above which it stops
campaign-complaints-calls-min = Fewer calls count as so many
campaign-refusals-in-row-max = Refusals in a row before a rest, 0 for none
campaign-work-minutes-max = Minutes without a break before a rest, 0 for none
campaign-rest-minutes = A rest, minutes
campaign-complaints = Complaints
campaign-complaints-told = it stops above { $rate } of the calls of 30 days; fewer than { $calls } calls count as so many
campaign-halted = Complaints stopped this campaign
campaign-halted-what = Nobody is called until its head decides.
campaign-halt-of = { $count ->
    [one] { $count } complaint
   *[other] { $count } complaints
} of { $calls ->
    [one] { $calls } call
   *[other] { $calls } calls
}
campaign-halt-told = { $of }, limit { $limit }
campaign-halt-why = Why it goes on
campaign-halt-answered = It goes on by { $who } since { $at }:
campaign-pressure = Pressure budget
campaign-pressure-told = { $count ->
    [one] { $count } contact
   *[other] { $count } contacts
} in { $days ->
    [one] { $days } day
   *[other] { $days } days
}
campaign-reasons = Reasons of refusal
campaign-offer = offer { $offer }
campaign-reentry = { $count ->
    [one] again in { $count } day
   *[other] again in { $count } days
}

campaign-preset = Rules of the country
campaign-preset-hint = Of the rules of the country and of the campaign the stricter hold.
campaign-held = Hours that hold in the end
campaign-held-narrower = the stricter of campaign and country
campaign-rules-show = Show the rules
preset-consent = only with consent: { $purposes }
preset-own = its own only
preset-ru = Russia
preset-us = United States
preset-gb = United Kingdom
preset-de = Germany
preset-fr = France
preset-ca = Canada
preset-au = Australia
preset-eu = another country of the EU
preset-cap = at most { $count } in { $days ->
    [one] { $days } day
   *[other] { $days } days
}
preset-cool-down =
    { $count ->
        [one] { $count } day of peace after a refusal
       *[other] { $count } days of peace after a refusal
    }
preset-no-machine = only a person chooses and dials a number
preset-verified = Where this comes from: version { $version }, checked on { $day }
preset-about-basis = ground
preset-about-hours = hours
preset-about-frequency = how often
preset-about-refusal = after a refusal
preset-about-machine = dialling by itself
preset-ours = no law names it; our sense of decency
preset-no-advice = This is no legal advice: check that the rules fit you and are in force.
invalid-never-open = The hours of campaign and country never meet: nobody could be called.
invalid-mix-twice = A list stands there twice.
invalid-mix-not-a-share = A line is a list and its share of a hundred, as “Trade fair 60”.
invalid-mix-over-hundred = Together the shares are more than a hundred.
reasons = Why companies refuse
reasons-why = What callers choose from when a company refuses, for all campaigns of the firm. The days say when it is asked again, the offer what callers are shown then. What stands on record keeps its words as they are set here.
reason-retired = not chosen any more
reason-retire = Not to be chosen any more
reason-add = Add a reason
reason-label-ru = In Russian
reason-label-en = In English
reason-days = Ask again after days
reason-never = never
reason-offer-ru = Then offer, in Russian
reason-offer-en = Then offer, in English
refusal-reason-always-there = This reason is asked for by name and stays.
refusal-reason-too-many = There are { $max } reasons to choose from already. Retire one that nobody needs.
