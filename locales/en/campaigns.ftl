refusal-campaign-not-from-this-state = The campaign has moved on to another state. Look at it again.
refusal-campaign-changed-meanwhile = Somebody changed the campaign meanwhile. Compare and save again.
refusal-campaign-one-tier-each = This person works in another tier of the campaign, and its policy keeps the tiers apart.
refusal-campaign-not-of-that-tier = This person does not work in that tier.
refusal-campaign-nobody-calls = Nobody calls in this campaign yet. Add a caller first.
refusal-campaign-no-script = The campaign has no script yet. Write one first.
refusal-campaign-empty-segment = The segment holds no company that may be called. Widen it.
