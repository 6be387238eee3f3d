-- The customer's or channel's own word for a credit: the same credit delivered twice is one credit note.
alter table sales.invoice add column reference text collate "C";
create unique index invoice_credit_reference on sales.invoice (company_id, reference) where is_credit and reference is not null;
