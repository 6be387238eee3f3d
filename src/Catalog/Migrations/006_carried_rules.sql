-- What became of the rules of the one that was given away, so that they can go back.
alter table catalog.merge add column rules jsonb not null default '[]';
