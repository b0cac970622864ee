-- Companies that may be the same, what was decided about them, merges and how each is undone.

-- Which records stand for a company now: a merged one names its survivor, never another merged one.
create index companies_by_survivor on companies (org_id, merged_into)
  where merged_into is not null;

-- Searches of the whole base for duplicates.
create table duplicate_scans (
  id text primary key,
  org_id text not null references organisations (id),
  state text not null,
  started_by text,
  started_at bigint not null,
  finished_at bigint,
  company_count bigint not null,
  pair_count bigint not null,
  done_count bigint not null
);
create unique index duplicate_scans_one_running on duplicate_scans (org_id)
  where state = 'running';
create index duplicate_scans_by_start on duplicate_scans (org_id, started_at, id);

-- Two companies that may be the same, the lower number on the left.
create table duplicate_pairs (
  id text primary key,
  org_id text not null references organisations (id),
  left_id text not null references companies (id),
  right_id text not null references companies (id),
  -- In ten-thousandths.
  probability bigint not null,
  band text not null,
  gain bigint not null,
  reasons text not null,
  evidence text not null,
  state text not null,
  scan_id text,
  found_at bigint not null,
  later_at bigint,
  decided_by text,
  decided_at bigint,
  merge_id text,
  version bigint not null
);
create unique index duplicate_pairs_known on duplicate_pairs (org_id, left_id, right_id);
create index duplicate_pairs_waiting on duplicate_pairs (org_id, state, later_at, gain desc, id);
create index duplicate_pairs_by_right on duplicate_pairs (org_id, right_id);
create index duplicate_pairs_decided on duplicate_pairs (org_id, decided_at, id)
  where decided_at is not null;

-- What companies are to each other without being the same: of one group, or branch and head.
create table company_ties (
  id text primary key,
  org_id text not null,
  kind text not null,
  company_id text not null references companies (id),
  other_id text not null references companies (id),
  made_by text,
  made_at bigint not null,
  ended_by text,
  ended_at bigint
);
create index company_ties_by_company on company_ties (org_id, company_id);
create index company_ties_by_other on company_ties (org_id, other_id);

-- One company taken for another. The record that was merged away stays, and names its survivor.
create table merges (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  survivor_id text not null references companies (id),
  loser_id text not null references companies (id),
  made_by text,
  made_at bigint not null,
  undone_by text,
  undone_at bigint
);
create unique index merges_number_taken on merges (org_id, number);
create unique index merges_one_per_loser on merges (org_id, loser_id) where undone_at is null;
create index merges_by_survivor on merges (org_id, survivor_id, made_at);

-- Where each row that a merge moved is at home: it goes back there.
create table merge_moves (
  org_id text not null,
  merge_id text not null references merges (id),
  noun text not null,
  row_id text not null,
  home_id text not null references companies (id),
  moved_at bigint not null,
  returned_at bigint,
  primary key (merge_id, noun, row_id, moved_at)
);
create unique index merge_moves_one_home on merge_moves (org_id, noun, row_id)
  where returned_at is null;
create index merge_moves_by_home on merge_moves (org_id, home_id, noun)
  where returned_at is null;

-- What a merge changed in a row: a fact of the survivor, the standing of a number, a closed lead.
create table merge_changes (
  org_id text not null,
  merge_id text not null references merges (id),
  noun text not null,
  row_id text not null,
  field text not null,
  value_before text,
  value_after text,
  returned_at bigint,
  primary key (merge_id, noun, row_id, field)
);
create index merge_changes_by_row on merge_changes (org_id, noun, row_id, field)
  where returned_at is null;

-- What came between a merge and its undoing and may be of either: for a person to place.
create table merge_strays (
  org_id text not null,
  merge_id text not null references merges (id),
  noun text not null,
  row_id text not null,
  placed text,
  placed_by text,
  placed_at bigint,
  primary key (merge_id, noun, row_id)
);
