-- A copy that was made is not handed over yet: the request stays open until somebody says how it reached the person.
alter table partners.privacy_request add column copied_by text;
alter table partners.privacy_request add column copied_at timestamptz;
alter table partners.privacy_request add check ((copied_by is null) = (copied_at is null));
-- Requests that a copy has answered were ended when it was made.
update partners.privacy_request set copied_by = ended_by, copied_at = ended_at where wish = 'Export' and state = 'Done';
