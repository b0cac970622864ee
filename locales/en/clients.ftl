onboarding-first-greeting = Introduce yourself: who leads the client now and how to reach them
onboarding-first-contacts = Check the client's people and their important dates
onboarding-first-promises = Go through the promises made before the contract
onboarding-first-brief = Collect wishes and source materials
onboarding-first-plan = Agree the plan and dates of the first order
onboarding-first-payment = Check payment details and terms
