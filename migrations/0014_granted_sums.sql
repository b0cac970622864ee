-- A sum granted in a dispute is a sum by hand that waits for a second person, one per dispute.

alter table pay_adjustments add column dispute_id text;
create unique index pay_adjustments_one_per_dispute on pay_adjustments (org_id, dispute_id)
  where dispute_id is not null;
