-- Nothing ever read how long a lead counts for its caller; that is for the plans of pay to say.

alter table campaigns drop column credit_days;
