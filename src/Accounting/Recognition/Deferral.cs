namespace Keel.Accounting;

/// The two halves of a sale that wait for delivery, each with an account of its own.
internal enum DeferralPart
{
    Revenue,
    Cost,
}

/// What one product, or one kind of charge, of a shipment brought or cost, as long as the sale does not count yet, and what was credited of
/// it. Amounts are as the book has them: revenue is what stands in credit, cost what stands in debit. Its order's lock guards it.
[Rows("accounting.deferral", "shipment_id", "part", "line")]
internal sealed record Deferral(
    Guid ShipmentId, DeferralPart Part, int Line, Id<Company> CompanyId, string ShipmentNumber, Guid OrderId, ChannelCode? Channel, NodeCode? Node, Guid? Partner,
    DateOnly Day, string Kind, Sku? Sku, Quantity Quantity, Currency Currency, Money Amount, Money CompanyAmount, Currency CompanyAmountCurrency,
    Quantity TakenQuantity, Money TakenAmount, Money TakenCompanyAmount, Currency TakenCompanyAmountCurrency, DateOnly? RecognisedDay, Guid Operation)
{
    [NotAColumn]
    public Quantity Left => Quantity - TakenQuantity;

    [NotAColumn]
    public Money Open => Amount - TakenAmount;

    [NotAColumn]
    public Money CompanyOpen => CompanyAmount - TakenCompanyAmount;

    /// What a further part of it is worth: parts add up to the whole.
    public Deferral Take(Quantity part) => this with
    {
        TakenQuantity = TakenQuantity + part,
        TakenAmount = RecognisedDay is null ? Amount.Share(TakenQuantity + part, Quantity) : TakenAmount,
        TakenCompanyAmount = RecognisedDay is null ? CompanyAmount.Share(TakenQuantity + part, Quantity) : TakenCompanyAmount,
    };
}
