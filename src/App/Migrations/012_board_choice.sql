-- Which board somebody opens first, in each company.
create table access.board_choice (
  company_id uuid not null,
  person_id uuid not null references access.person (id),
  board text collate "C" not null,
  primary key (company_id, person_id)
);
