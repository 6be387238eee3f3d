-- Serves what a policy decided lately.
create index decision_policy on kernel.decision (company_id, policy, at);
