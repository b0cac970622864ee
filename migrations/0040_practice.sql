-- What newcomers answered on the made-up calls they learn the cockpit by; and when they had all of
-- them right.

create table practice_answers (
  org_id text not null,
  user_id text not null references users (id),
  exercise bigint not null,
  outcome text not null,
  is_good boolean not null,
  answered_at bigint not null,
  primary key (org_id, user_id, exercise)
);

alter table users add column practised_at bigint;
