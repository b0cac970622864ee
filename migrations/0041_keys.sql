-- The keys that a person chose for themselves, as `KeyD=KeyG KeyN=KeyB`; empty for the usual ones.
alter table users add column keymap text not null default '';
