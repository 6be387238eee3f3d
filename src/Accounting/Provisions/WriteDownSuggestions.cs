using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Pricing.Contract;
using Keel.Ui;

namespace Keel.Accounting;

/// Why goods should be valued in another way.
public enum WriteDownReason
{
    /// They sell for less than they cost.
    [Shown(StateRole.Late, "Sells below cost")] BelowCost,

    /// None of them left for so long.
    [Shown(StateRole.Waiting, "Dead")] Dead,

    /// They were written down and bring more again.
    [Shown(StateRole.Ready, "Brings more again")] BringsMore,
}

/// Goods that bring less than they stand in the books at, and goods that were written down and bring more again, with what to do about it; site by site where each is valued for itself. Served by the
/// primary keys of pools and prices and by move_card.
[View("accounting.write-downs", AccountingPermissions.Read, Sort = "sku")]
internal sealed class WriteDownSuggestions(KeelDb db, Settings settings, Policies policies, PricingDesk pricing) : IView<WriteDownSuggestions.Row>, IPrepare
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public string? Category { get; init; }
        [Title("Site", Empty = "all sites")] public NodeCode? Node { get; init; }
        [Title("Why")] public required WriteDownReason Reason { get; init; }
        [Title("Owned")] public required Quantity Quantity { get; init; }
        [Title("Days since one left")] public required int QuietDays { get; init; }
        [Title("Price list", Empty = "no price")] public string? PriceList { get; init; }
        [Cost, Title("One stands at")] public Money? UnitCost { get; init; }
        [Cost, Title("One brings")] public UnitPrice? Brings { get; init; }
        [Cost] public Money? Value { get; init; }
        [Cost, Title("Change")] public Money? Change { get; init; }
        [Cost, Title("At stake")] public Money? AtStake { get; init; }
        public required Currency Currency { get; init; }
        public required string Next { get; init; }
    }

    private NetRealisableValue rules = NetRealisableValue.AsDelivered;
    private Currency currency;
    private DateOnly today;
    private (string[] Categories, decimal[] Rates, decimal Standard) taxes = ([], [], 0);

    /// Prices with tax are taken without that of the company's own country.
    public async Task Prepare(CancellationToken ct)
    {
        var company = (await Network.Of(settings, ct)).Company;
        (currency, today) = (company.Currency, (await Network.Of(settings, ct)).Day(db.Now));
        rules = (await policies.Of<NetRealisableValue>(ct)).Choice;
        var terms = (await pricing.Taxes(ct)).Terms(new TaxSituation(company.Country, company.Country, today), currency, pricesIncludeTax: true);
        taxes = ([.. terms.Rates.Keys], [.. terms.Rates.Values], terms.RateOf(TaxCategories.Standard));
    }

    public FormattableString Rows() =>
        $"""
        with price as (
          select distinct on (p.sku, p.list) p.sku, p.list_name,
            case when not p.includes_tax then p.micros else p.micros / (1 + case when c.tax_category in ({TaxCategories.Zero}, {TaxCategories.Exempt}) then 0 else coalesce(r.rate, {taxes.Standard}) end / 100) end as net
          from pricing.pub_price p join catalog.pub_product c on c.sku = p.sku left join unnest({taxes.Categories}, {taxes.Rates}) as r (category, rate) on r.category = c.tax_category
          where p.company_id = {db.Company} and p.customer is null and p.currency = {currency} and p.min_quantity <= 1000 and p.from_day <= {today} and (p.to_day is null or p.to_day >= {today})
            and p.valid_from <= {today} and (p.valid_to is null or p.valid_to >= {today}) and (cardinality({rules.PriceLists.ToArray()}::text[]) = 0 or p.list = any({rules.PriceLists.ToArray()}))
          order by p.sku, p.list, p.min_quantity desc, p.from_day desc),
        lowest as (select distinct on (sku) sku, list_name, net * (1 - {rules.CostOfSellingPercent} / 100.0) as net from price order by sku, net, list_name),
        pool as materialized (
          select w.sku, w.node, w.quantity, w.value, w.written_down, w.currency, l.list_name, l.net, greatest(0, floor(extract(epoch from {db.Now} - coalesce(w.last_issued, w.first_came, {db.Now})) / 86400))::int as quiet_days
          from stock.pub_pool_worth w left join lowest l on l.sku = w.sku where w.company_id = {db.Company}),
        judged as materialized (
          select p.*, case when p.quiet_days >= {rules.DeadAfterDays} then (p.value + p.written_down) * {rules.DeadAreWorthPercent} / 100.0 * 1e9 / {currency.Scale} / p.quantity end as dead from pool p),
        worth as materialized (
          select j.*, floor(least(j.net, j.dead) / 10000) * 10000 as brings, least(round(floor(least(j.net, j.dead) / 10000) * 10000 * j.quantity * {currency.Scale} / 1e9), j.value + j.written_down)::bigint as worth
          from judged j where least(j.net, j.dead) is not null)
        select w.sku || coalesce('@' || w.node, '') as id, w.sku, coalesce(c.name, w.sku) as name, g.category, w.node,
          case when w.worth > w.value then 'BringsMore' when w.dead is not null and (w.net is null or w.dead < w.net) then 'Dead' else 'BelowCost' end as reason,
          w.quantity, w.quiet_days, w.list_name as price_list, round(w.value * 1000.0 / w.quantity)::bigint as unit_cost, w.brings::bigint as brings, w.value, w.worth - w.value as change, abs(w.worth - w.value) as at_stake, w.currency,
          case when w.worth > w.value then 'Value it up again, to its cost at most' else 'Write it down' end as next
        from worth w left join catalog.pub_product c on c.sku = w.sku left join catalog.pub_product_category g on g.sku = w.sku
        where w.worth < w.value or (w.worth > w.value and w.written_down > 0)
        """;
}
