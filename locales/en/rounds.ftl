round = Round
rounds = Verification rounds
rounds-none = No rounds yet
rounds-none-why = A round calls through a part of the base and learns what is still true: begin with the oldest import.
round-new = New round of checks
round-new-what = Only companies of which something chosen is due join the queue; first come those where a check brings most.
round-start = Start the round
round-who = Who calls
round-team = team “{ $name }”
round-until = Last day
round-ends = · until { $day }
round-import = Import
round-any = any
round-asks = What is asked
round-is-paid = A needed check is a target action (paid by the plan)
round-companies = Companies
round-done = Through
round-through = { $done } of { $all } are through
round-enlisting = The base is being looked through: companies that are due join the queue.
round-nothing-due = There is nothing to check in this part of the base now. The round looks again every hour.
round-found = What was found
round-found-none = No checks yet.
round-checks = Checks
round-people = Who checked
round-queue = Queue
round-script-first = # Opening
    > Good day! This is {"{"}me{"}"}; we are making sure that what we know of {"{"}company{"}"} is right. It takes a minute.

    # Questions
    > Is this {"{"}company{"}"}?
    > Does {"{"}contact{"}"} still work there?
    > Who decides about our matter at your company?

    ? Where did you get the number?
    > From a public source. If you say not to call, we shall not.
check-to-ask = To be asked
check-reach = The call and the number
reach-talked = talked, the number is right
reach-not-theirs = somebody else’s number
reach-dead = no such number
reach-not-reached = no answer
reach-refusal = they will not answer
reach-do-not-call = asked not to be called
check-works-there = { $name }: works there?
check-stays = works there
check-left = works there no more
check-who-decides = Who decides?
check-another = somebody else
check-named = they named who decides
check-another-one = they named another
check-decider-name = Who decides now
check-email-new = New mail address
check-address-new = New address
check-phone-new = The right number, if they named it
invalid-who-left-decides-not = This person was just said to work there no more. Name who decides now, or correct the answer above.
invalid-left-meanwhile = The card says by now that this person works there no more. Open the company and correct the person there, if they still do.
invalid-decides-no-more = The card says by now that this person does not decide. Name who does.
invalid-number-was-dialled = This is the number that was dialled. Type the other one.
invalid-phone-of-nobody = This number looks made up: nobody has one like it. Ask for it again.
