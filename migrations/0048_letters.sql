-- Letters that people of the firm sent to a company: admitted as calls are, and counted with them.
create table letters (
  id text primary key,
  org_id text not null,
  number bigint not null,
  company_id text not null,
  contact_id text,
  email_id text,
  phone_id text,
  campaign_id text,
  lead_id text,
  way text not null,
  subject text not null,
  note text not null,
  is_answer boolean not null,
  preset text not null,
  sender_id text not null,
  sent_at bigint not null,
  made_at bigint not null,
  taken_back_at bigint
);
create index letters_by_company on letters (org_id, company_id, sent_at);
