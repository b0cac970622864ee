duplicates = Duplicates
duplicates-waiting =
    { $count ->
        [one] { $count } pair waits for a decision
       *[other] { $count } pairs wait for a decision
    }
duplicates-undo = Undo the last
duplicates-all = All
duplicates-none = No pair waits for a decision
duplicates-none-why = Companies that look alike stand here. A search of the whole base finds them; you can name a pair yourself on the card of a company.
duplicates-next = The next pairs
duplicates-left = Left
duplicates-right = Right
duplicates-probability = Probability
band-sure = Nearly sure
band-review = To be looked at
band-no = Unlikely
scan-never = The base was never searched for duplicates.
scan-compares = Searching: companies are compared
scan-progress = { $done } of { $total } pairs written
scan-done-at = Last search: { $time }
scan-companies =
    { $count ->
        [one] { $count } company looked at
       *[other] { $count } companies looked at
    }
scan-pairs =
    { $count ->
        [one] { $count } pair alike
       *[other] { $count } pairs alike
    }
scan-uncompared =
    { $count ->
        [one] Since then { $count } company came. It was compared with none yet: start a search or wait for the night.
       *[other] Since then { $count } companies came. They were compared with none yet: start a search or wait for the night.
    }
scan-uncompared-many = Since then more than { $count } companies came. They were compared with none yet: start a search or wait for the night.
scan-broke = The last search broke off before its end. What it found is kept; it can be started anew.
scan-again-at = It is tried again by itself: { $time }.
scan-by-night = At night, from two to five, the base is searched by itself where something in it has changed.
scan-start = Search the whole base
pair-probability = how likely it is one company: { $percent }%
pair-named = the pair was named by a person; no search has judged it
pair-record = Record
pair-added = in the base since { $day }
pair-changed = changed { $day }
pair-checked = checked { $day }
pair-records =
    { $count ->
        [one] { $count } record in its story
       *[other] { $count } records in its story
    }
pair-led-by = led by { $name }
pair-stands = this record stays
pair-carriers =
    { $count ->
        [one] { $count } company has it
       *[other] { $count } companies have it
    }
pair-united-phones = Phones
pair-united-emails = Mail
pair-united-contacts = Contact persons
pair-united-how = Phones, mail and contact persons are united; what both have is bold. The story, hand-offs, credits and bans of both are kept. A merge can be undone at any time.
pair-people = Will stand once
pair-people-apart = { $name }: two people, keep both
pair-people-how = Who stands at both companies is taken for one person: their record on the card that stays is filled with what it lacks. Tick those who are two.
pair-field-name = Name
pair-field-tax-id = Tax number
pair-field-phone = Phone
pair-field-email = Mail
pair-field-website = Site
pair-field-city = Town
pair-field-address = Address
pair-says-same = the same
pair-says-same-common = the same, but so common that it counts for little
pair-says-same-other-form = the same, with another legal form
pair-says-same-elsewhere = the same in another order
pair-says-near = nearly the same
pair-says-similar = similar
pair-says-different = different
pair-says-different-valid = different, both valid
answer-same = One company
answer-different = Different
answer-group = One group
answer-branch = No. { $number } is a branch of the other
answer-later = Later
pair-state-open = One of the companies was merged into another or left the base.
pair-state-same = Decided: one company; the records were merged.
pair-state-different = Decided: two companies.
pair-state-group = Decided: companies of one group.
pair-state-right-branch = Decided: the second company is a branch of the first.
pair-state-left-branch = Decided: the first company is a branch of the second.
pair-state-gone = The last search found nothing that they have in common.
pair-state-later = put off
merge-open = Open the merge
merge-field-name = Name
merge-field-full-name = Full name
merge-field-tax-id = Tax number
merge-field-kpp = KPP
merge-field-ogrn = OGRN
merge-field-city = Town
merge-field-address = Address
merge-field-website = Site
merge-field-industry = Industry
merge-field-source = Source
merge-told-lead-closed = Both companies are in the queue of “{ $campaign }”: the lead of the record that stays goes on, the other one is closed.
merge-told-two-owners = Different people lead the two. { $owner } leads from now on; { $other } still sees the card.
merge-told-two-clients = Both companies are served. One client stays, led by { $owner }: contracts, orders and promises of both are kept. Who led the other ({ $other }) gets a task to pass on what they know; undoing gives each their own client back.
merge-told-two-opportunities = There will be { $count } open opportunities: each stays with its seller.
merge-told-bans = Bans of contact: { $count }. All of them hold for the merged company.
merges = Merges
merges-what = Which records became one; any merge can be undone.
merges-none = No merges yet
merges-none-why = When two records turn out to be one company, their merge stands here.
merges-next = Next
merge-title = Merge No. { $number }
merge-survivor = Stayed
merge-loser = Merged into it
merge-when = When
merge-by = By
merge-is-undone = undone
merge-undone-at = undone { $time }
merge-undo = Undo the merge
merge-undo-means = Everything of the record that was merged goes back to it, with what happened later to its leads and opportunities. What came later and may be of either will be listed here.
strays = Whose are these
strays-why = These came after the merge and may be of either company. Until you decide they stay with the first.
stray-what = What
stray-whose = Whose
moved-contacts = Contact persons
moved-phones = Phones
moved-emails = Mail
moved-bases = Grounds
moved-notes = Notes
moved-meetings = Meetings
moved-promises = Promises
moved-leads = Leads
moved-calls = Calls
moved-letters = Letters
moved-attempts = Attempts to reach them
moved-incoming-calls = Calls from them
moved-campaign-halts = Complaints that stopped a campaign
moved-handoffs = Hand-offs
moved-opportunities = Opportunities
moved-contracts = Contracts
moved-tasks = Tasks
moved-clients = Clients
moved-orders = Orders
moved-important-dates = Important dates
moved-sights = Who sees the card
moved-ties = Groups and branches
refusal-merge-changed = One of the two records was changed meanwhile. Look at the pair again.
refusal-merge-not-in-base = One of the two companies is no longer in the base: it was removed or merged into another.
refusal-merge-itself = This is one and the same record.
refusal-merge-held = One of the companies is being worked: { $who } holds it. Merge them when the call is over.
refusal-merge-offer-waits = In “{ $campaign }” the lead of the record that would go was offered to sales and waits for an answer. Wait for it, or keep the other record.
refusal-merge-other-way = In “{ $campaign }” only the lead of the record that would go is worked. Keep the other record, so that the work goes on.
refusal-pair-decided = This pair was decided already. Look at it again.
refusal-pair-not-decided = There is nothing to take back: nobody has decided yet.
refusal-merge-undone = This merge was undone already.
refusal-scan-runs = A search is running. Wait until it is done.
refusal-tied-group = The two are tied already as companies of one group. End that tie first.
refusal-tied-branch = The two are tied already as branch and head company. End that tie first.
invalid-unknown-company = No company has that number.
company-relatives = Group and branches
relative-group = One group
relative-branch = Branch
relative-head = Head company
relative-end = End the tie
company-tie = Tie to another company
company-tie-this = This company is
company-tie-head = a branch of the other one
company-tie-branch = the head company of the other one
company-tie-group = of one group with the other one
company-tie-do = Tie
company-aliases = Merged into this record
company-aliases-undo = Merges and undoing them
company-same-as = This is a duplicate of another company
company-same-as-number = No. of that company
company-same-as-compare = Compare
tie-group = one group
tie-branch = branch and head company
merge-task-joined = The client was merged with another: { $who } leads both now. Pass on what you know.
merge-task-parted = The merge was undone: you lead the client again. Look at what has changed.
