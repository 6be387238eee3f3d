-- Customers whose new orders wait for somebody, with the reason and who answers for it. A block is never deleted: it is lifted.
create table partners.block (
  id uuid primary key,
  company_id uuid not null,
  partner_id uuid not null references partners.partner (id),
  reason text not null,
  owner text not null,
  blocked_by text not null,
  blocked_at timestamptz not null,
  lifted_by text,
  lifted_at timestamptz,
  check ((lifted_by is null) = (lifted_at is null))
);
-- A customer is blocked once.
create unique index block_standing on partners.block (partner_id) where lifted_at is null;
create index block_partner on partners.block (company_id, partner_id);

-- Under which identities and mailboxes customers come, and since when they are known: who was merged stands under the partner that stayed.
create view partners.pub_known as
  select company_id, coalesce(merged_into, id) as id, identity, lower(email) collate "C" as mailbox, created_at from partners.partner where erased_at is null;
-- Whose new orders wait, and why.
create view partners.pub_block as
  select b.company_id, coalesce(p.merged_into, p.id) as partner_id, b.reason, b.owner from partners.block b join partners.partner p on p.id = b.partner_id where b.lifted_at is null;
