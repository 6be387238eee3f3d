-- A freeze of a lot that was made of a blocked one goes with it, and ends with the last of them.
alter table stock.freeze add column made_of boolean not null default false,
  add constraint freeze_made_of_a_lot check (not made_of or lot is not null);

-- Waits for everybody who moves goods at sites, without saying yet that places change.
create function stock.await_places(company uuid, nodes text[]) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended('stock.places ' || company || ' ' || n, 0)) from unnest(nodes) as n
$$;
