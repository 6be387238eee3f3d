namespace Keel.Stock;

/// How the cost of goods that leave is found.
public enum CostingMethod
{
    /// Each unit costs what all cost on average: value over quantity, anew with each receipt.
    Average,

    /// What came first leaves first, at what it had cost.
    [Keel.Ui.Shown(Keel.Ui.StateRole.Idle, "First in, first out")]
    Fifo,

    /// Each unit costs what was set; what is paid beyond that is a variance.
    Standard,

    /// Each lot or serial number costs what was paid for it.
    [Keel.Ui.Shown(Keel.Ui.StateRole.Idle, "By lot or serial")]
    Lot,
}

/// Quantity and total value of what a company owns of a SKU. Moves inside the pool carry no value. Unit cost is derived, never stored. Where the SKU is valued
/// apart at each site, this is what the pools of its sites add up to.
[Rows("stock.cost_pool", "company_id", "sku")]
internal sealed record CostPool(Id<Company> CompanyId, Sku Sku, Quantity Quantity, Money Value, Currency Currency, CostingMethod Method)
{
    /// What one unit costs by the standard, in the smallest unit of the currency and parts of it.
    public decimal? Standard { get; init; }

    /// How much less than their cost the goods stand in the books.
    public Money WrittenDown { get; init; } = Money.Zero(Currency);

    /// Since when each site has a pool of its own; nothing where the company has one.
    public DateTimeOffset? BySiteSince { get; init; }

    [NotAColumn]
    public bool KeepsLayers => Method is CostingMethod.Fifo or CostingMethod.Lot;

    public static CostPool Empty(Id<Company> company, Sku sku, Currency currency) => new(company, sku, 0, Money.Zero(currency), currency, CostingMethod.Average);

    /// What so many units are worth by the standard, less what they are written down by.
    public Money AtStandard(Quantity quantity, Money writtenDown)
    {
        var whole = new Money((long)Math.Round(Standard!.Value * quantity.Units, MidpointRounding.ToEven), Currency);
        return whole > writtenDown ? whole - writtenDown : Money.Zero(Currency);
    }

    /// What found goods are worth: the average of what is there, or nothing where nothing is.
    public Money AverageOf(Quantity quantity) => Quantity.IsZero
        ? Money.Zero(Currency)
        : Value.Times(quantity.Units / Quantity.Units, Rounding.HalfEven);
}

/// Goods that came in together and what is left of them, for the methods that tell them apart.
[Rows("stock.cost_layer", "id")]
internal sealed record CostLayer(
    Id<CostLayer> Id, Id<Company> CompanyId, Sku Sku, string Lot, DocumentRef Document, int Line, Quantity Received, Quantity Open, Money Value, Currency Currency, DateTimeOffset HappenedAt, Guid Operation)
{
    /// Nothing is left of it.
    public bool Spent { get; init; }

    /// The site in whose pool it lies, or the transfer that has it on its way, where its goods are valued apart.
    public string Node { get; init; } = "";
    public string Transfer { get; init; } = "";

    [NotAColumn]
    public PoolKey Pool => new(Node, Transfer);
}

/// What goods that left took from a layer.
[Rows("stock.layer_take", "move_id", "layer_id")]
internal sealed record LayerTake(Id<StockMove> MoveId, Id<CostLayer> LayerId, Id<Company> CompanyId, Quantity Quantity, Money Value, Currency Currency);
