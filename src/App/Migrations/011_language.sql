-- The language in which somebody reads the pages; none follows the browser.

alter table access.person add column language text check (language ~ '^[a-z]{2,3}$');
