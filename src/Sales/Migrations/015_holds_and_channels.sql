-- Since when an order is stopped, and by which step: what was stopped together goes on together. What its channel said of it last, and when.
alter table sales.orders add column held_at timestamptz, add column held_in uuid, add column channel_status text, add column stated_at timestamptz, add column stated bigint;
update sales.orders set held_at = captured_at, held_in = operation where status = 'OnHold';
create index orders_held on sales.orders (company_id, hold, held_at) where status = 'OnHold';

-- What the words of a channel for the state of an order mean for us.
create table sales.channel_status (
  company_id uuid not null,
  channel text collate "C" not null,
  word text collate "C" not null check (word <> ''),
  means text not null check (means in ('Take', 'Wait', 'CancelAsked', 'Cancelled', 'Shipped', 'Nothing')),
  changed_at timestamptz not null,
  changed_by text not null,
  operation uuid not null,
  primary key (company_id, channel, word)
);

-- What a channel said of an order that it had given us before: a fact, kept once, with what became of it.
create table sales.channel_news (
  order_id uuid not null references sales.orders (id),
  position integer not null,
  company_id uuid not null,
  stated_at timestamptz not null,
  heard_at timestamptz not null,
  status text,
  means text,
  changes jsonb not null,
  stated jsonb not null,
  outcome text not null check (outcome in ('Followed', 'Asked', 'Noted')),
  operation uuid not null,
  primary key (order_id, position)
);
create index channel_news_list on sales.channel_news (company_id, heard_at, order_id);
create trigger channel_news_stays before update or delete or truncate on sales.channel_news for each statement execute function kernel.refuse_change();
