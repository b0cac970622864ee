-- What a check is of – numbers, mail addresses, names – stands apart from the check, which is never
-- changed: when a person is erased, so are the values that are theirs. Where nothing is kept, there
-- is no row.
create table check_values (
  verification_id text primary key references verifications (id),
  org_id text not null,
  old_value text,
  old_contact text,
  new_value text,
  new_contact text,
  note text,
  -- What the check changed on the card, by ids, so that it can be taken back.
  change text
);
create index check_values_by_old_contact on check_values (org_id, old_contact)
  where old_contact is not null;
create index check_values_by_new_contact on check_values (org_id, new_contact)
  where new_contact is not null;

-- The call that found it: taken back, it takes its own checks along and no others.
alter table verifications add column call_id text;
create index verifications_by_call on verifications (org_id, call_id) where call_id is not null;
update verifications set call_id = (select a.call_id from round_answers a
  where a.verification_id = verifications.id);

-- only lite
insert into check_values (verification_id, org_id, old_value, old_contact, new_value, new_contact,
  note)
select v.id, v.org_id, v.old_value, case v.field
    when 'contact' then v.subject_id
    when 'phone' then (select p.contact_id from phones p where p.id = v.subject_id)
    when 'email' then (select e.contact_id from emails e where e.org_id = v.org_id
      and e.company_id = v.company_id and e.address_key = lower(v.old_value))
    when 'decision_maker' then coalesce((select json_extract(a.before, '$.People.were[0].id')
      from round_answers a where a.verification_id = v.id),
      case v.result when 'corrected' then null else v.subject_id end)
  end, v.new_value, case v.field when 'decision_maker' then v.subject_id end, v.note
from verifications v
where v.old_value is not null or v.new_value is not null or v.note is not null;

-- only pg
insert into check_values (verification_id, org_id, old_value, old_contact, new_value, new_contact,
  note)
select v.id, v.org_id, v.old_value, case v.field
    when 'contact' then v.subject_id
    when 'phone' then (select p.contact_id from phones p where p.id = v.subject_id)
    when 'email' then (select e.contact_id from emails e where e.org_id = v.org_id
      and e.company_id = v.company_id and e.address_key = lower(v.old_value))
    when 'decision_maker' then coalesce((select a.before::json #>> '{People,were,0,id}'
      from round_answers a where a.verification_id = v.id),
      case v.result when 'corrected' then null else v.subject_id end)
  end, v.new_value, case v.field when 'decision_maker' then v.subject_id end, v.note
from verifications v
where v.old_value is not null or v.new_value is not null or v.note is not null;

alter table verifications drop column old_value;
alter table verifications drop column new_value;
alter table verifications drop column note;

-- What stood there before an answer is kept by its check. What was answered in the ten minutes
-- before this can be taken back, and the card stays as it was corrected.
drop table round_answers;

-- Events name the number and the person by id; what was told of them is read where it stands.
-- only lite
update events set detail = json_remove(detail, '$.value')
where kind in ('company.phone_failed', 'contact.left');

-- only pg
update events set detail = (detail::jsonb - 'value')::text
where kind in ('company.phone_failed', 'contact.left');

update events set reason = null where kind = 'contact.left' and reason is not null;
