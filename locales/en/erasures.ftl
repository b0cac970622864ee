erasures = Destruction records
erasures-what = Who destroyed a person's data, when and on what ground. No names stand here.
erasures-csv = Download CSV
erasures-none = No records yet
erasures-none-why = One appears when a contact's data is erased on request: from the company's card, by the link beside the name.
erasures-next = Earlier records
erasure-link = erase data…
erasure-new = Erase a person's data
erasure-means = Name, role, phones, mail and important dates will be destroyed on every card, in notes, in records of calls and in the files they came from. Recordings of calls to the company go, too. None of it can be brought back.
erasure-stays = Pay, hand-offs and what was done stay: they hold only numbers of records. If a file or a colleague brings this person again, they do not come back: a fingerprint stays by which they are recognised, though not read.
erasure-parts = Which phones and addresses are this person's
erasure-parts-hint = What is ticked goes from every company. Do not tick phones and mail of the company itself.
erasure-own = their own, goes anyway
erasure-elsewhere =
    { $count ->
        [one] on { $count } other card, too
       *[other] on { $count } other cards, too
    }
erasure-company = Whether the company is this person
erasure-company-is = { $name } is this person: a sole trader
erasure-company-hint = Then its name, tax and registration numbers, address and site are destroyed, too, on its card, in texts about it and in its files: the card stays, with its town and its history, under the number of the act. No file and no colleague brings it back under its tax number. Do not tick it when the person only works there: another trader's data would be destroyed.
erasure-ground = Ground
erasure-choose = choose
erasure-ground-asked = the person asked for it
erasure-ground-withdrawn = consent withdrawn
erasure-ground-ordered = an authority or a court ordered it
erasure-ground-done = the purpose is served
erasure-document = Document
erasure-document-hint = For example “letter 44 of 12 Nov 2026”. No name: the act outlives the data.
erasure-name = To confirm, type the name: { $name }
erasure-do = Erase for good
erasure-not = Do not erase
erasure-act = Act No. { $number }
erasure-act-title = Act of destruction of personal data No. { $number }
erasure-act-says = The personal data of a contact was destroyed; the system cannot restore it.
erasure-record = Record
erasure-destroyed = What was destroyed
erasure-kept = Fingerprints under the firm's key are kept: nothing can be read from them, yet by them the system recognises the person and takes their data no more. Backups and exports made earlier live as long as they are kept.
erasure-head-number = Act
erasure-head-when = When
erasure-head-who = Who
erasure-head-company = Company
erasure-head-ground = Ground
erasure-head-document = Document
erasure-head-what = What was destroyed
erasure-count-companies = Companies that were the person
erasure-count-contacts = Cards of the person
erasure-count-phones = Phones
erasure-count-emails = Mail addresses
erasure-count-dates = Important dates
erasure-count-texts = Texts the name was struck out of
erasure-count-records = Rows of files the name was struck out of
erasure-count-files = Original files
erasure-count-recordings = Recordings of calls
erasure-count-calls = Numbers in what telephone providers told
erasure-sign = [erased, act No. { $number }]
invalid-erasure-document-names = This names the person or a number of theirs. The act outlives the data: leave only the number and day of the document.
refusal-erasure-done = This person's data was destroyed already: act No. { $number }.
refusal-erasure-other-name = The name is not the same. Type it as it stands on the card.
refusal-company-erased =
    { $what ->
        [phone] This phone was erased on request: act No. { $number }. It cannot come back into the base.
        [company] The company of this tax or registration number was a person and was erased on request: act No. { $number }. It cannot come back into the base.
        [email] This mail address was erased on request: act No. { $number }. It cannot come back into the base.
       *[other] This person's data was erased on request: act No. { $number }. They cannot come back into the base.
    }
remark-row-erased = Erased on request, act No. { $number }, and not taken: { $what }.
part-phone = phone
part-email = mail
part-person = person
part-company = company
story-did-contact-erased = Contact erased on request, act No. { $number }
