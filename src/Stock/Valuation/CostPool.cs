namespace Keel.Stock;

/// Quantity and total value of what a company owns of a SKU, at moving average. Moves inside the pool carry no value.
/// Unit cost is derived, never stored: issuing takes value × quantity ÷ on hand, and the last unit takes the last cent.
[Rows("stock.cost_pool", "company_id", "sku")]
internal sealed record CostPool(Id<Company> CompanyId, Sku Sku, Quantity Quantity, Money Value, Currency Currency)
{
    public static CostPool Empty(Id<Company> company, Sku sku, Currency currency) => new(company, sku, 0, Money.Zero(currency), currency);

    public CostPool Add(Quantity quantity, Money value) => this with { Quantity = Quantity + quantity, Value = Value + value };

    /// Takes goods out at average cost.
    public (CostPool After, Money Value) Issue(Quantity quantity)
    {
        if (quantity > Quantity) throw new InvariantBroken($"The cost pool of {Sku} holds {Quantity}; {quantity} cannot leave it.");
        var value = quantity.IsZero ? Money.Zero(Currency) : Value.Share(quantity, Quantity);
        return (this with { Quantity = Quantity - quantity, Value = Value - value }, value);
    }

    /// What found goods are worth: the average of what is there, or nothing where nothing is.
    public Money AverageOf(Quantity quantity) => Quantity.IsZero
        ? Money.Zero(Currency)
        : Value.Times(quantity.Units / Quantity.Units, Rounding.HalfEven);
}
