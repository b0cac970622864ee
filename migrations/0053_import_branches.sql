-- What becomes of rows with the tax number of a company and another KPP: that company, or branches.
alter table imports add column branches text not null default 'one';
