namespace Keel.Ledger.Contract;

/// One thing that was written into the money book: a balanced set of postings, for one document, never changed.
[Rows("ledger.entry", "id")]
public sealed record Entry(
    Id<Entry> Id, Id<Company> CompanyId, string Journal, DateOnly Day, DateTimeOffset HappenedAt, DateTimeOffset RecordedAt, Guid OperationId,
    DocumentRef Document, string Part, Id<Entry>? Reverses, DateOnly? LateFor, string Sentence, short Legs);

/// One leg of an entry. Debits are positive, credits negative.
[Rows("ledger.posting", "entry_id", "leg")]
public sealed record Posting(
    Id<Entry> EntryId, short Leg, Id<Company> CompanyId, DateOnly Day, AccountCode Account, Money Amount, Currency Currency,
    Money CompanyAmount, Currency CompanyAmountCurrency, decimal Rate,
    ChannelCode? Channel, NodeCode? Node, Guid? Partner, Sku? Sku, Guid? OrderId);
