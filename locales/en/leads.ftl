refusal-lead-stale-lease = Your lease of this company has ended. Your text is kept.
refusal-lead-not-from-this-state = The lead has moved on to another state. Look at it again.
