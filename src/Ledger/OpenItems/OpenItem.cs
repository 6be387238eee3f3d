namespace Keel.Ledger;

/// A line of an item's story: an entry opened it, or settled so much of it. Never changed; the item is their sum.
[Rows("ledger.item_step", "company_id", "account", "document_id", "currency", "entry_id", "kind")]
internal sealed record OpenItemStep(
    Id<Company> CompanyId, AccountCode Account, DocumentRef Document, Currency Currency, Id<Entry> EntryId, ItemStepKind Kind, Side Side,
    Guid Partner, Guid? OrderId, ChannelCode? Channel, DateOnly Day, DateOnly DueDay, Money Amount, Money CompanyAmount, Currency CompanyAmountCurrency)
{
    public bool IsOf(OpenItemStep other) =>
        (Account, Document.Id, Currency, EntryId, Kind) == (other.Account, other.Document.Id, other.Currency, other.EntryId, other.Kind);

    public OpenItemStep With(OpenItemStep other) => this with { Amount = Amount + other.Amount, CompanyAmount = CompanyAmount + other.CompanyAmount };
}
