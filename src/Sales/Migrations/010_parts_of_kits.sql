-- Which kit a line of goods was sold as a part of, for papers and pages of those who send it.
create view sales.pub_kit_part as
  select l.company_id, l.order_id, l.line, l.kit_line, k.sku as kit from sales.order_line l join sales.order_line k on k.order_id = l.order_id and k.line = l.kit_line;
