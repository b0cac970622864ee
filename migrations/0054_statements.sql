-- Who ever was of a team, and what somebody was ever paid: asked of one person, and not of the firm.
create index team_history_by_team on team_history (org_id, team_id, user_id);
create index pay_remittances_by_person on pay_remittances (org_id, person_id, number);
