-- Serves the work list of findings by their weight, the worst first: a page reads what it shows.
drop index kernel.quality_finding_list;
create index quality_finding_list on kernel.quality_finding (company_id, (case severity when 'High' then 40 when 'Normal' then 20 else 10 end), id);
