-- The category of a product, for whoever decides by it.
create view catalog.pub_product_category as
select p.sku, coalesce(p.attributes ->> 'category', f.attributes ->> 'category') as category
from catalog.product p left join catalog.product f on f.sku = p.variant_of
where coalesce(p.attributes ->> 'category', f.attributes ->> 'category') is not null;
