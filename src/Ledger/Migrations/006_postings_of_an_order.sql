-- An order's postings are written near each other in time, and keys grow with time: a summary of block ranges finds them for next to nothing.
create index posting_order on ledger.posting using brin (order_id) with (pages_per_range = 32, autosummarize = on);
