using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// Where a lot stands.
internal enum LotState
{
    [Shown(StateRole.Ready)]
    ForSale,

    /// On hand, and blocked at a site.
    [Shown(StateRole.Held)]
    Blocked,

    /// On hand, and its last day of sale is over.
    [Shown(StateRole.Late)]
    Over,

    [Shown(StateRole.Idle)]
    Gone,
}

/// Lots and serial numbers, what expires first on top. Served by the index lot_list.
[View("stock.lots", StockPermissions.Read, Sort = "expires-on")]
internal sealed class LotList(KeelDb db) : IView<LotList.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        [Search, Title("Lot or serial")] public required LotCode Code { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Title("Product")] public required string Name { get; init; }
        [Title("A single unit")] public required bool Serial { get; init; }
        public required LotState State { get; init; }
        public required Quantity OnHand { get; init; }
        public string? Sites { get; init; }
        [Title("Expires")] public DateOnly? ExpiresOn { get; init; }
        [Title("Sold until")] public DateOnly? SellUntil { get; init; }
        [Title("Made")] public DateOnly? MadeOn { get; init; }
        [Search, Title("Supplier's number")] public string? SupplierLot { get; init; }
        [Title("First seen")] public required DateTimeOffset FirstAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select l.id, l.code, l.sku, coalesce((select p.name from catalog.pub_product p where p.sku = l.sku), l.sku) as name, l.serial, h.on_hand, h.sites, l.expires_on, l.sell_until, l.made_on, l.supplier_lot,
          l.first_at,
          case when h.on_hand = 0 then 'Gone'
            when exists (select from stock.freeze f where f.company_id = l.company_id and f.sku = l.sku and f.lot = l.code and f.thawed_at is null and not f.expired) then 'Blocked'
            when l.sell_until < {db.Today} then 'Over' else 'ForSale' end as state
        from stock.lot l
        cross join lateral (select coalesce(sum(v.on_hand), 0)::bigint as on_hand, string_agg(distinct v.node, ', ' order by v.node) as sites from stock.level v
          where v.company_id = l.company_id and v.sku = l.sku and v.lot = l.code and v.lot <> '' and v.on_hand > 0{db.Work.Actor.Reach.And("v.node")}) h
        where l.company_id = {db.Company}
        """;
}

/// Who got goods of a lot and has not sent them back, for a recall.
[View("stock.lot-recipients", StockPermissions.Read, Sort = "-sent-at")]
internal sealed class LotRecipients(KeelDb db) : IView<LotRecipients.Row, LotRecipients.Args>
{
    public sealed record Args(Guid Lot);

    public sealed record Row
    {
        [Key] public required Guid OrderId { get; init; }
        [Search, Title("Order")] public required string OrderNumber { get; init; }
        public Guid? Partner { get; init; }
        [Title("Customer")] public string? PartnerName { get; init; }
        [Title("Got")] public required Quantity Issued { get; init; }
        [Title("Sent back")] public required Quantity Returned { get; init; }
        [Title("Still has")] public required Quantity Away { get; init; }
        [Title("From")] public required string Sites { get; init; }
        [Title("Sent")] public required DateTimeOffset SentAt { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select t.order_id, t.order_number, min(t.partner::text)::uuid as partner, (select p.name from partners.pub_partner p where p.id = min(t.partner::text)::uuid) as partner_name,
          coalesce(sum(t.quantity) filter (where t.step = 'Issued'), 0)::bigint as issued, coalesce(sum(t.quantity) filter (where t.step = 'Returned'), 0)::bigint as returned,
          coalesce(sum(case t.step when 'Issued' then t.quantity else -t.quantity end), 0)::bigint as away, string_agg(distinct t.node, ', ') as sites, min(t.happened_at) as sent_at
        from stock.lot l join stock.lot_trail t on t.company_id = l.company_id and t.sku = l.sku and t.lot = l.code and t.step <> 'Received' and t.order_id is not null
        where l.company_id = {db.Company} and l.id = {args.Lot}{db.Work.Actor.Reach.And("t.node")}
        group by t.order_id, t.order_number
        """;
}

/// Lots and serial numbers by the number on the goods.
internal sealed class FindLots(KeelDb db) : IFinder
{
    public sealed record Row(Guid Id, LotCode Code, Sku Sku, bool Serial);

    private Later<List<Row>>? rows;

    public string Title => "Lots and serials";
    public string Permission => StockPermissions.Read;

    public void Ask(Finding text) => rows = db.Ask<Row>(
        $"""
        select id, code, sku, serial from stock.lot where company_id = {db.Company} and code >= {text.Code} and code < {text.CodeEnd} order by code limit {Finding.Most}
        """);

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. rows!.Value.Select(l => new PaletteFound.Hit("tag", l.Code.Text, $"/stock/lots/{l.Id}") { Note = l.Sku.Text })];
}
