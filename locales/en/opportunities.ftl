refusal-opportunity-stale = Somebody changed this opportunity while the page was open. See what is new and try again.
refusal-opportunity-already-won = The opportunity is won; work goes on under its contract.
refusal-opportunity-already-lost = The opportunity is closed as lost. Reopen it to go on.
refusal-opportunity-not-lost = Only a lost opportunity can be reopened.
refusal-opportunity-already-there = The opportunity is in that stage already.
refusal-move-too-late-to-undo = This move can no longer be undone. Move the opportunity back by hand.
refusal-opportunity-already-opened = This hand-off has opened its opportunity already.
invalid-stage-wants-next-step = The next stage wants a next step with its time.
invalid-stage-wants-need = The next stage wants the client's need in words.
invalid-stage-wants-amount = The next stage wants an amount.
invalid-stage-wants-expected-close = The next stage wants the day the contract is expected.
sales-pipeline = Pipeline
sales-stages = Stages
sales-all-stages = All
sales-stage = Stage
sales-whose = Whose
sales-who-mine = mine
sales-who-team = my team's
sales-who-all = everybody's
sales-open-opportunities = { $count ->
    [one] { $count } open opportunity
   *[other] { $count } open opportunities
}
sales-as-table = As a table
sales-as-board = As a board
sales-no-amount = no amount
sales-move = Move
sales-undo = Undo
sales-opportunity-moved = { $company }: now in “{ $stage }”.
sales-not-moved = Not moved.
sales-open-it = Open it
sales-show-all = { $count ->
    [one] Show the { $count } opportunity
   *[other] Show all { $count } opportunities
}
sales-stuck-days = { $count ->
    [one] here for { $count } day
   *[other] here for { $count } days
}
sales-stuck = stuck
sales-mark = Mark
sales-mark-stuck = stuck
sales-mark-no-step = no next step
sales-mark-late = step overdue
sales-any-mark = with any mark
sales-with-mark-stuck = stuck
sales-with-mark-no-step = without a next step
sales-with-mark-late = with an overdue step
sales-any-stage = in any stage
sales-show = Show
sales-state = State
sales-opportunities = Opportunities
sales-opportunities-open = open
sales-opportunities-won = won
sales-opportunities-lost = lost
sales-no-opportunities = There are no such opportunities
sales-no-opportunities-why = Change the sentence above: what other people and teams lead is not shown here.
sales-next-page = Next
sales-company = Company
sales-amount = Amount
sales-next-step = Next step
sales-next-step-at = When
sales-expected-close = Contract expected
sales-leads-it = Led by
sales-pipeline-empty = The pipeline is empty so far
sales-pipeline-empty-why = An opportunity appears here when you accept a hand-off from acquisition or from service.
sales-pipeline-empty-do = To the hand-offs
sales-opportunity = Opportunity
sales-opportunity-won = won
sales-opportunity-lost = lost
sales-up-sell = up-sell
sales-days-here = { $count ->
    [one] { $count } day in this stage
   *[other] { $count } days in this stage
}
sales-move-on-to = On to: { $stage }
sales-criterion-next-step = next step
sales-criterion-need = need
sales-criterion-amount = amount
sales-criterion-expected-close = day of the contract
sales-missing = missing
sales-now-and-next = What is next
sales-need = The client's need
sales-outcome-of-it = How it ended
sales-win-it = Won: sign the contract
sales-win-means = The opportunity closes as won, its contract opens at the same moment and the client passes to service.
sales-contract-value = Value of the contract
sales-term-from = Term from
sales-term-to = to
sales-sign-contract = Sign the contract
sales-lose-it = Lost: close it
sales-loss-reason = Why
sales-loss-note = What the client said
sales-loss-price = too dear
sales-loss-competitor = chose somebody else
sales-loss-no-budget = no money for it
sales-loss-no-need = no need
sales-loss-timing = not now
sales-loss-terms = terms did not suit
sales-loss-not-ours = we do not do that
sales-loss-silent = stopped answering
sales-loss-other = something else
sales-choose = choose
sales-close-as-lost = Close as lost
sales-closed-at = Closed
sales-open-contract = Open the contract
sales-reopen-it = Reopen
sales-passport-of-handoff = Passport of the hand-off
sales-passport-none = No passport: it was opened without a hand-off.
sales-open-handoff = Open the hand-off
sales-answer-who = Who decides
sales-answer-need = Need
sales-answer-budget = Budget
sales-answer-timing = Timing
sales-answer-promises = Promised
sales-answer-next-step = Next
sales-promises-to-client = Promises to the client
sales-promises-none = No promise is open.
sales-promise-late = overdue
sales-history = What happened
sales-did-opportunity-opened = Opportunity opened
sales-did-opportunity-advanced = Stage: { $stage }
sales-did-opportunity-changed = Details set
sales-did-opportunity-lost = Opportunity lost
sales-did-opportunity-reopened = Opportunity reopened
sales-did-opportunity-won = Opportunity won
