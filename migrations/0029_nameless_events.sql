-- Events of merges and ties name companies by id, and the story reads what they are called: a sole
-- trader's company is called by a person's name, and they may ask to be erased.

-- only lite
update events set detail = json_remove(detail, '$.name', '$.other_name')
where kind in ('company.merged', 'company.merge_undone', 'company.tied', 'company.untied');

-- only pg
update events set detail = (detail::jsonb - 'name' - 'other_name')::text
where kind in ('company.merged', 'company.merge_undone', 'company.tied', 'company.untied');
