namespace Keel.Ledger.Contract;

/// What a partner owes us (debit) or we owe a partner (credit) for one document, and how much of it is still open.
[Rows("ledger.open_item", "company_id", "account", "document_id", "currency")]
public sealed record OpenItem(
    Id<Company> CompanyId, AccountCode Account, DocumentRef Document, Currency Currency, Side Side, Guid Partner, Guid? OrderId, ChannelCode? Channel,
    DateOnly Day, DateOnly DueDay, Money Amount, Money OpenAmount, Money CompanyAmount, long CompanyOpenAmount, Currency CompanyAmountCurrency)
{
    /// What is open, at the amount at which it stands in the book.
    [NotAColumn]
    public Money CompanyOpen => new(CompanyOpenAmount, CompanyAmountCurrency);

    /// So much of it, with its share of the amount at which it stands in the book; all of it takes what is left there.
    public Settling Take(Money amount) => new(this, amount, CompanyOpen.Split([amount.Minor, (OpenAmount - amount).Minor])[0]);
}

/// How much of one item is settled, in the item's currency and at the company amount at which it stands in the book.
public sealed record Settling(OpenItem Item, Money Amount, Money CompanyAmount)
{
    /// The leg that settles it: on the item's account, against its side.
    public Leg Leg(Dimensions about, decimal rate)
    {
        var sign = Item.Side is Side.Debit ? -1 : 1;
        return new Leg(
            Item.Account, new Money(sign * Amount.Minor, Amount.Currency), new Money(sign * CompanyAmount.Minor, CompanyAmount.Currency), rate, about,
            Item: new ItemStep(ItemStepKind.Settles, Item.Side, Item.Document, Item.Partner, Item.DueDay));
    }
}

/// Which items a payment settles first.
public enum SettleFirst
{
    Oldest,
    Largest,
}
