refusal-promise-already-answered = This promise has been answered already.
refusal-promise-stale = Somebody changed the promise meanwhile. Open it again.
invalid-promise-in-the-past = The time of the promise has passed.
invalid-promise-broken-why = Say why the promise was broken.
