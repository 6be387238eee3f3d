-- What other modules may read of owners and of what their goods cost us.
create view stock.pub_owner as select company_id, code, partner, kind, promised from stock.owner;
create view stock.pub_agreed_cost as select company_id, owner, sku, from_on, unit_cost, currency from stock.agreed_cost;
