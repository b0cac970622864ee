-- What one offers a company that refused for a reason, when it is asked again.
alter table refusal_reasons add column offer_ru text not null default '';
alter table refusal_reasons add column offer_en text not null default '';

update refusal_reasons set offer_ru = 'одну новую пользу, узнав, что изменилось', offer_en = 'one new benefit, after asking what has changed' where code = 'not_needed';
update refusal_reasons set offer_ru = 'часть объёма, вторым поставщиком', offer_en = 'a part of the volume, as a second supplier' where code = 'has_supplier';
update refusal_reasons set offer_ru = 'условия к концу их договора', offer_en = 'terms for the end of their contract' where code = 'under_contract';
update refusal_reasons set offer_ru = 'рассрочку или меньший объём', offer_en = 'payment in parts or a smaller volume' where code = 'too_expensive';
update refusal_reasons set offer_ru = 'заложить в бюджет следующего периода', offer_en = 'a place in the next budget' where code = 'no_budget';
update refusal_reasons set offer_ru = 'познакомить нас с головным офисом', offer_en = 'an introduction to the head office' where code = 'decided_elsewhere';
update refusal_reasons set offer_ru = 'извинение и пробный заказ на наших условиях', offer_en = 'an apology and a trial at our cost' where code = 'bad_experience';
