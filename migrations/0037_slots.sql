-- Who was given a talk to hold last: two bookings of one person wait here for each other.

create table meeting_hosts (
  org_id text not null,
  user_id text not null,
  booked_at bigint not null,
  primary key (org_id, user_id)
);
