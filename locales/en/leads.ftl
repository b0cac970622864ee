refusal-lead-stale-lease = Your lease of this company has ended. Your text is kept.
refusal-lead-not-from-this-state = The lead has moved on to another state. Look at it again.
refusal-lead-not-running = The campaign does not run now. Choose another.
refusal-lead-holds-another = You hold another company. Say first how that call went.
