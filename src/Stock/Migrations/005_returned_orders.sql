-- Of which order goods came back; what came back before does not say.
alter table stock.document add column order_id uuid, add column order_number text;
