select p.sku, p.node, p.sellable - p.reserved + coalesce(s.quantity, 0)::bigint - coalesce(w.quantity, 0)::bigint
from stock.position p
left join (select sku, node, sum(open) as quantity from stock.supply where company_id = $1 and sku = any($2) and open > 0 and expected_on <= $3 group by 1, 2) s on s.sku = p.sku and s.node = p.node
left join (select sku, node, sum(quantity) as quantity from stock.waiting where company_id = $1 and sku = any($2) and promised_by <= $3 group by 1, 2) w on w.sku = p.sku and w.node = p.node
where p.company_id = $1 and p.sku = any($2)
