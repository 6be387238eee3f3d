-- Serves whoever looks for somebody by the beginning of a name or of a mail address.
create index partner_name on partners.partner (company_id, lower(name) collate "C");
create index partner_email on partners.partner (company_id, lower(email) collate "C") where email is not null;
