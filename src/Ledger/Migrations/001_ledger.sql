-- The money book. Postings only insert; balances are rolled up by a job. Accounts and periods are carried without foreign keys, so that
-- nothing on a hot path locks their rows; the proof checks them.

create table ledger.account (
  company_id uuid not null references kernel.company (id),
  code text collate "C" not null check (code <> ''),
  name text not null check (name <> ''),
  kind text not null check (kind in ('Asset', 'Liability', 'Equity', 'Income', 'Expense')),
  normal text not null check (normal in ('Debit', 'Credit')),
  -- A clearing account is zero, or what it holds is listed.
  clearing boolean not null,
  -- What else keeps the same sum: the open items, or the cost pools of the stock book. Only documents post there.
  control text not null check (control in ('None', 'OpenItems', 'CostPools')),
  primary key (company_id, code)
);

-- A month without a row is open.
create table ledger.period (
  company_id uuid not null references kernel.company (id),
  month date not null check (extract(day from month) = 1),
  state text not null check (state in ('Open', 'Locked')),
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (company_id, month)
);

create table ledger.entry (
  id uuid primary key,
  company_id uuid not null,
  journal text collate "C" not null,
  day date not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  operation_id uuid not null,
  document_kind text not null,
  document_id uuid not null,
  document_number text not null,
  part text not null,
  reverses uuid,
  late_for date check (late_for < day),
  sentence text not null,
  legs smallint not null check (legs >= 2),
  -- Which transaction wrote it: roll-ups and proofs take whole transactions that have ended.
  xact xid8 not null default pg_current_xact_id()
);
-- One entry per document, operation and journal (and part, where one fact has several); also finds the entries of a document.
create unique index entry_once on ledger.entry (document_id, journal, operation_id, part);
-- An entry is reversed once.
create unique index entry_reversed_once on ledger.entry (reverses) where reverses is not null;
-- Serves the journal, the newest day first.
create index entry_day on ledger.entry (company_id, day, id);
create index entry_late on ledger.entry (company_id, day, id) where late_for is not null;
-- Serves "as known then": what was recorded later is taken off.
create index entry_recorded on ledger.entry using brin (recorded_at);
-- Serves the tail behind the roll-ups and the proof of what is new.
create index entry_xact on ledger.entry (xact);

create table ledger.posting (
  entry_id uuid not null,
  leg smallint not null check (leg >= 1),
  company_id uuid not null,
  day date not null,
  account text collate "C" not null,
  -- Debits are positive, credits negative.
  amount bigint not null,
  currency char(3) not null,
  company_amount bigint not null,
  company_amount_currency char(3) not null,
  rate numeric not null check (rate > 0),
  channel text collate "C",
  node text collate "C",
  partner uuid,
  sku text collate "C",
  order_id uuid,
  primary key (entry_id, leg)
);
-- Serves the way from any figure to its postings.
create index posting_account on ledger.posting (company_id, account, day) include (company_amount);

create table ledger.open_item (
  company_id uuid not null,
  account text collate "C" not null,
  document_kind text not null,
  document_id uuid not null,
  document_number text not null,
  currency char(3) not null,
  side text not null check (side in ('Debit', 'Credit')),
  partner uuid not null,
  order_id uuid,
  channel text collate "C",
  day date not null,
  due_day date not null,
  amount bigint not null check (amount > 0),
  open_amount bigint not null check (open_amount between 0 and amount),
  company_amount bigint not null check (company_amount >= 0),
  company_open_amount bigint not null check (company_open_amount between 0 and company_amount),
  company_amount_currency char(3) not null,
  primary key (company_id, account, document_id, currency)
) with (fillfactor = 80);
-- Serves settling by partner, aging and the list of what is open.
create index open_item_partner on ledger.open_item (company_id, partner, due_day) where open_amount > 0;
create index open_item_order on ledger.open_item (company_id, order_id) where open_amount > 0;
create index open_item_due on ledger.open_item (company_id, due_day, document_id) where open_amount > 0;

-- What opened an item and what settled it, never changed. The item is their sum.
create table ledger.item_step (
  company_id uuid not null,
  account text collate "C" not null,
  document_kind text not null,
  document_id uuid not null,
  document_number text not null,
  currency char(3) not null,
  entry_id uuid not null,
  kind text not null check (kind in ('Opens', 'Settles')),
  side text not null check (side in ('Debit', 'Credit')),
  partner uuid not null,
  order_id uuid,
  channel text collate "C",
  day date not null,
  due_day date not null,
  amount bigint not null check (amount > 0),
  company_amount bigint not null check (company_amount >= 0),
  company_amount_currency char(3) not null,
  primary key (company_id, account, document_id, currency, entry_id, kind)
);
create index item_step_entry on ledger.item_step (entry_id);

create table ledger.day_balance (
  company_id uuid not null,
  account text collate "C" not null,
  day date not null,
  currency char(3) not null,
  debit bigint not null check (debit >= 0),
  credit bigint not null check (credit >= 0),
  postings bigint not null check (postings > 0),
  primary key (company_id, account, day)
);

-- All entries of transactions before this one stand in the day balances; what is later is the tail.
create table ledger.roll_up (
  one boolean primary key check (one),
  through xid8 not null
);
insert into ledger.roll_up (one, through) values (true, '0');

-- The lock that posting shares and closing takes alone.
create function ledger.period_lock(company uuid, month date) returns bigint language sql immutable parallel safe as
$$ select hashtextextended('ledger.period ' || company::text || ' ' || extract(year from month)::text || extract(month from month)::text, 0) $$;

create function ledger.month_of(day date) returns date language sql immutable parallel safe as
$$ select day - (extract(day from day)::integer - 1) $$;

-- Whoever posts into a month holds it open until the commit. A month that was locked meanwhile makes the operation run again: it then
-- knows, and posts to the first open day.
create function ledger.guard_period() returns trigger language plpgsql as $$
declare
  one record;
begin
  for one in select distinct company_id, ledger.month_of(day) as month from added order by 1, 2 loop
    perform pg_advisory_xact_lock_shared(ledger.period_lock(one.company_id, one.month));
    if exists (select from ledger.period p where p.company_id = one.company_id and p.month = one.month and p.state = 'Locked') then
      raise exception 'The period % is locked', to_char(one.month, 'YYYY-MM') using errcode = '40001';
    end if;
  end loop;
  return null;
end $$;

create trigger entry_period after insert on ledger.entry referencing new table as added
  for each statement execute function ledger.guard_period();

-- An entry balances, and comes with all its legs in one statement: legs are numbered from 1 without gaps up to the entry's own count, so
-- that the key refuses any that would come later. The plan stays by index while the tables are young.
create function ledger.guard_balance() returns trigger language plpgsql
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  wrong record;
begin
  select p.entry_id, count(*) as legs, sum(p.company_amount) as total into wrong
  from added p left join ledger.entry e on e.id = p.entry_id
  group by p.entry_id, e.legs, e.id
  having e.id is null or count(*) <> e.legs or min(p.leg) <> 1 or max(p.leg) <> e.legs or sum(p.company_amount) <> 0
    or not bool_and(p.company_id = e.company_id and p.day = e.day) or min(p.company_amount_currency) <> max(p.company_amount_currency)
  limit 1;
  if found then
    raise exception 'The entry % is not whole: % legs that add up to %', wrong.entry_id, wrong.legs, wrong.total using errcode = 'KE002';
  end if;
  return null;
end $$;

create trigger posting_balance after insert on ledger.posting referencing new table as added
  for each statement execute function ledger.guard_balance();

-- Steps change the items, in key order. An item that is settled must be there, and holds enough.
create function ledger.apply_steps() returns trigger language plpgsql
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  wanted bigint;
  done bigint;
begin
  insert into ledger.open_item as i (company_id, account, document_kind, document_id, document_number, currency, side, partner, order_id,
    channel, day, due_day, amount, open_amount, company_amount, company_open_amount, company_amount_currency)
  select s.company_id, s.account, min(s.document_kind), s.document_id, min(s.document_number), s.currency, s.side, s.partner, s.order_id,
    s.channel, min(s.day), min(s.due_day), sum(s.amount), sum(s.amount), sum(s.company_amount), sum(s.company_amount), s.company_amount_currency
  from added s where s.kind = 'Opens'
  group by s.company_id, s.account, s.document_id, s.currency, s.side, s.partner, s.order_id, s.channel, s.company_amount_currency
  order by s.company_id, s.account, s.document_id, s.currency
  on conflict (company_id, account, document_id, currency) do update set
    amount = i.amount + excluded.amount, open_amount = i.open_amount + excluded.open_amount,
    company_amount = i.company_amount + excluded.company_amount, company_open_amount = i.company_open_amount + excluded.company_open_amount
    where i.side = excluded.side;
  get diagnostics done = row_count;
  select count(distinct (company_id, account, document_id, currency)) into wanted from added where kind = 'Opens';
  if done <> wanted then raise exception 'An item stands on the other side' using errcode = 'KE003'; end if;

  select count(distinct (company_id, account, document_id, currency)) into wanted from added where kind = 'Settles';
  if wanted = 0 then return null; end if;
  perform from ledger.open_item i
    join (select distinct company_id, account, document_id, currency from added where kind = 'Settles') s
      on i.company_id = s.company_id and i.account = s.account and i.document_id = s.document_id and i.currency = s.currency
    order by i.company_id, i.account, i.document_id, i.currency for update of i;
  update ledger.open_item i set
    open_amount = i.open_amount - s.amount, company_open_amount = i.company_open_amount - s.company_amount
  from (select company_id, account, document_id, currency, sum(amount) as amount, sum(company_amount) as company_amount
        from added where kind = 'Settles' group by company_id, account, document_id, currency) s
  where i.company_id = s.company_id and i.account = s.account and i.document_id = s.document_id and i.currency = s.currency;
  get diagnostics done = row_count;
  if done <> wanted then raise exception 'An item that is settled is not there' using errcode = 'KE003'; end if;
  return null;
end $$;

create trigger item_step_apply after insert on ledger.item_step referencing new table as added
  for each statement execute function ledger.apply_steps();

create trigger entry_append_only before update or delete on ledger.entry for each statement execute function kernel.refuse_change();
create trigger entry_kept before truncate on ledger.entry for each statement execute function kernel.refuse_change();
create trigger posting_append_only before update or delete on ledger.posting for each statement execute function kernel.refuse_change();
create trigger posting_kept before truncate on ledger.posting for each statement execute function kernel.refuse_change();
create trigger item_step_append_only before update or delete on ledger.item_step for each statement execute function kernel.refuse_change();

-- What other modules may read: every account's balance per day, as known now.
create view ledger.pub_day_total as
  select company_id, account, day, sum(debit)::bigint as debit, sum(credit)::bigint as credit, sum(postings)::bigint as postings
  from (
    select company_id, account, day, debit, credit, postings from ledger.day_balance
    union all
    select p.company_id, p.account, p.day, greatest(p.company_amount, 0), greatest(-p.company_amount, 0), 1
    from ledger.entry e join ledger.posting p on p.entry_id = e.id
    where e.xact >= (select through from ledger.roll_up)
  ) t
  group by company_id, account, day;

-- The balance of every account, debits positive.
create view ledger.pub_account_balance as
  select a.company_id, a.code as account, a.name, a.kind, a.normal, a.clearing, a.control, coalesce(t.balance, 0)::bigint as balance
  from ledger.account a
  left join (select company_id, account, sum(debit - credit) as balance from ledger.pub_day_total group by company_id, account) t
    on t.company_id = a.company_id and t.account = a.code;
