-- Whose public holidays a campaign keeps. Until now one with rules of its own kept those of Russia,
-- wherever its firm is.
alter table campaigns add column calendar text not null default 'ru';
update campaigns set calendar = coalesce((select case
    when o.country in ('US', 'GB', 'DE', 'FR', 'CA', 'AU') then lower(o.country)
    when o.country in ('AT', 'BE', 'BG', 'CY', 'CZ', 'DK', 'EE', 'ES', 'FI', 'GR', 'HR', 'HU',
      'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK') then 'eu'
    end from organisations o where o.id = campaigns.org_id), 'ru');
