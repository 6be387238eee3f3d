using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// Packages with numbers of their own: where they stand, what lies in them. Served by the index package_list.
[View("stock.packages", StockPermissions.Read, Sort = "-made-at")]
internal sealed class PackageList(KeelDb db) : IView<PackageList.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        [Search, Title("Number")] public required string Code { get; init; }
        public required PackageKind Kind { get; init; }
        [Title("State")] public required PackageStatus Status { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("Place")] public required LocationCode Location { get; init; }
        [Title("Lies in")] public string? Parent { get; init; }
        [Title("SKUs")] public required long Skus { get; init; }
        [Title("Units by itself")] public required Quantity Units { get; init; }
        [Title("Packages in it")] public required long Packages { get; init; }
        [Title("Made")] public required DateTimeOffset MadeAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.id, p.code, p.kind, p.status, p.node, p.location, p.parent, h.skus, h.units, c.packages, p.made_at,
          case when p.status = 'Ended' then 'Nothing: given up' when p.location = {Place.Transit} then 'Receive it at ' || p.node when h.units = 0 and c.packages = 0 then 'Pack goods into it, or give it up' when p.status = 'Closed' then 'Move it, or open it' else 'Move it, or close it' end as next
        from stock.package p
        cross join lateral (select count(distinct v.sku) as skus, coalesce(sum(v.on_hand), 0)::bigint as units from (
          select v.sku, v.on_hand from stock.level v where v.company_id = p.company_id and v.package = p.code and v.package <> '' and v.on_hand > 0
          union all select w.sku, w.quantity from stock.package_load w where w.company_id = p.company_id and w.package = p.code) v) h
        cross join lateral (select count(*) as packages from stock.package c where c.company_id = p.company_id and c.parent = p.code) c
        where p.company_id = {db.Company}{db.Work.Actor.Reach.And("p.node")}
        """;
}

/// Packages by the number on their label, with or without (00) in front.
internal sealed class FindPackages(KeelDb db) : IFinder
{
    private sealed record Row(Guid Id, string Code, PackageKind Kind, LocationCode Location);

    private Later<List<Row>>? rows;

    public string Title => "Packages";
    public string Permission => StockPermissions.Read;

    public void Ask(Finding text)
    {
        var digits = Package.Plain(text.Text);
        rows = digits.Length < 6 || text.Text.Any(char.IsAsciiLetter) ? null : db.Ask<Row>(
            $"""
            select id, code, kind, location from stock.package where company_id = {db.Company} and status <> 'Ended' and (code = {digits} or ({digits.Length} < 18 and code like {"%" + digits})){db.Work.Actor.Reach.And("node")}
            order by code limit {Finding.Most}
            """);
    }

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. (rows?.Value ?? []).Select(p => new PaletteFound.Hit("stock", p.Code, $"/stock/packages/{p.Id}") { Note = p.Location.Text })];
}

/// Everything that the page of a package shows, asked in one round trip.
internal sealed class PackageCard(KeelDb db)
{
    private const int Latest = 50;

    public sealed record ContentRow(string Package, Sku Sku, string Name, string Lot, string Owner, GoodsCondition Condition, Quantity OnHand, Quantity Allocated, DateOnly? SellUntil);

    public sealed record InsideRow(Guid Id, string Code, PackageKind Kind, PackageStatus Status, string Parent, Quantity Units);

    public sealed record TravelRow(Guid TransferId, string Number, NodeCode FromNode, NodeCode ToNode, TransferPackageState State);

    public Package Package { get; private set; } = null!;
    public Package? Parent { get; private set; }
    public IReadOnlyList<ContentRow> Content { get; private set; } = [];
    public IReadOnlyList<InsideRow> Inside { get; private set; } = [];
    public IReadOnlyList<PackageStep> Steps { get; private set; } = [];
    public IReadOnlyList<TravelRow> Travels { get; private set; } = [];
    public IReadOnlyList<MoveList.Row> Moves { get; private set; } = [];

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        var reach = db.Work.Actor.Reach;
        var found = await db.Query<Package>($"{Package.Columns} where company_id = {db.Company} and id = {id}{reach.And("node")}", ct);
        if (found is not [var package]) return false;
        var parents = db.Ask<Package>($"{Package.Columns} where company_id = {db.Company} and code = {package.Parent}");
        var content = db.Ask<ContentRow>(
            $"""
            select v.package, v.sku, coalesce((select c.name from catalog.pub_product c where c.sku = v.sku), v.sku) as name, v.lot, v.owner, v.condition, v.on_hand, v.allocated, v.sell_until
            from stock.package_tree({db.Company}, array[{package.Code}]) t cross join lateral (
              select v.package, v.sku, v.lot, v.owner, v.condition, v.on_hand, v.allocated, v.sell_until from stock.level v where v.company_id = {db.Company} and v.package = t.code and v.package <> '' and v.on_hand > 0
              union all
              select w.package, w.sku, w.lot, w.owner, w.condition, w.quantity, 0, l.sell_until from stock.package_load w left join stock.lot l on l.company_id = w.company_id and l.sku = w.sku and l.code = w.lot
              where w.company_id = {db.Company} and w.package = t.code) v
            order by v.package <> {package.Code}, v.package, v.sku, v.lot limit 500
            """);
        var inside = db.Ask<InsideRow>(
            $"""
            select p.id, p.code, p.kind, p.status, p.parent, (coalesce((select sum(v.on_hand) from stock.level v where v.company_id = p.company_id and v.package = p.code and v.package <> ''), 0)
                + coalesce((select sum(w.quantity) from stock.package_load w where w.company_id = p.company_id and w.package = p.code), 0))::bigint as units
            from stock.package_tree({db.Company}, array[{package.Code}]) t join stock.package p on p.company_id = {db.Company} and p.code = t.code and p.code <> {package.Code} order by p.parent, p.code limit 500
            """);
        var steps = db.Ask<PackageStep>(
            $"select id, company_id, package, kind, location, parent, by, happened_at, operation from stock.package_step where company_id = {db.Company} and package = {package.Code} order by happened_at desc, id desc limit {Latest}");
        var moves = db.Ask<MoveList.Row>($"{MoveList.All} where m.company_id = {db.Company} and m.package = {package.Code} and m.package <> '' order by m.happened_at desc, m.id desc limit {Latest}");
        var travels = db.Ask<TravelRow>(
            $"select t.id as transfer_id, t.number, t.from_node, t.to_node, w.state from stock.transfer_package w join stock.transfer t on t.id = w.transfer_id where w.company_id = {db.Company} and w.package = {package.Code} order by w.sent_at desc limit {Latest}");
        await db.Flush(ct);
        (Package, Parent, Content, Inside, Steps, Moves, Travels) = (package, parents.Value.FirstOrDefault(), content.Value, inside.Value, steps.Value, moves.Value, travels.Value);
        return true;
    }
}
