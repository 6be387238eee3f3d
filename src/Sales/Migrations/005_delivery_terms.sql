-- Where cost and risk pass to the buyer, where the order says so.
alter table sales.orders add column delivery_term text check (delivery_term in ('Exw', 'Fca', 'Fas', 'Fob', 'Cfr', 'Cif', 'Cpt', 'Cip', 'Dap', 'Dpu', 'Ddp'));
