-- What somebody has of their own beside their plan: rates, quotas, an advance.
alter table plan_assignments add column terms text;
