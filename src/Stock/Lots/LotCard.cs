using Keel.Stock.Contract;

namespace Keel.Stock;

/// Everything that the page of a lot shows, asked in one round trip: what it is, where it is, where it came from and where it went.
internal sealed class LotCard(KeelDb db, Settings settings)
{
    public const int Latest = 50;

    public sealed record LevelRow(NodeCode Node, LocationCode Location, PlaceKind Kind, string Package, Quantity OnHand, Quantity Allocated, DateTimeOffset ArrivedAt);

    public sealed record SourceRow(DocumentRef Document, Guid? Partner, string? PartnerName, NodeCode Node, Quantity Quantity, DateTimeOffset HappenedAt);

    public sealed record Names(string Product, string? Supplier);

    public Lot Lot { get; private set; } = null!;
    public Names Called { get; private set; } = new("", null);
    public IReadOnlyList<LevelRow> Levels { get; private set; } = [];
    public IReadOnlyList<SourceRow> Sources { get; private set; } = [];
    public IReadOnlyList<LotRecipients.Row> Recipients { get; private set; } = [];
    public IReadOnlyList<LotBecame.Row> Became { get; private set; } = [];
    public IReadOnlyList<LotMadeOf.Row> MadeOf { get; private set; } = [];
    public IReadOnlyList<LotKitRecipients.Row> KitRecipients { get; private set; } = [];
    public IReadOnlyList<MoveList.Row> Moves { get; private set; } = [];
    public IReadOnlyList<Freeze> Freezes { get; private set; } = [];
    public Quantity OnItsWay { get; private set; }

    /// The ways out for a lot that is called back.
    public static CaseWay[] WaysOut =>
    [
        CaseWay.Go("Who got it", "/stock/lots/{id}", StockPermissions.Read) with { SubjectKind = Lot.RecordKind },
        CaseWay.On<UnblockLot>("It was a false alarm: sell it again", "lot") with { SubjectKind = Lot.RecordKind },
    ];

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        if (await db.Table<Lot>().Find($"company_id = {db.Company} and id = {id}", ct) is not { } lot) return false;
        Lot = lot;
        var reach = db.Work.Actor.Reach;
        var names = db.Ask<Names>($"select coalesce((select p.name from catalog.pub_product p where p.sku = {lot.Sku}), {lot.Sku}) as product, (select p.name from partners.pub_partner p where p.id = {lot.Supplier}) as supplier");
        var levels = db.Ask<LevelRow>(
            $"""
            select v.node, v.location, l.kind, v.package, v.on_hand, v.allocated, v.arrived_at from stock.level v join stock.location l on l.company_id = v.company_id and l.code = v.location
            where v.company_id = {db.Company} and v.sku = {lot.Sku} and v.lot = {lot.Code} and v.lot <> '' and v.on_hand > 0{reach.And("v.node")} order by v.node, v.location
            """);
        var sources = db.Ask<SourceRow>(
            $"""
            select t.document_kind, t.document_id, t.document_number, t.partner, p.name as partner_name, t.node, sum(t.quantity)::bigint as quantity, min(t.happened_at) as happened_at
            from stock.lot_trail t left join partners.pub_partner p on p.id = t.partner
            where t.company_id = {db.Company} and t.sku = {lot.Sku} and t.lot = {lot.Code} and t.step = 'Received'{reach.And("t.node")} group by 1, 2, 3, 4, 5, 6 order by min(t.happened_at) limit {Latest}
            """);
        var recipients = db.Ask<LotRecipients.Row>($"select * from ({new LotRecipients(db).Rows(new LotRecipients.Args(id))}) r order by sent_at desc limit {Latest}");
        var became = db.Ask<LotBecame.Row>($"select * from ({new LotBecame(db).Rows(new(id))}) r order by happened_at desc, id limit {Latest}");
        var madeOf = db.Ask<LotMadeOf.Row>($"select * from ({new LotMadeOf(db).Rows(new(id))}) r order by happened_at desc, id limit {Latest}");
        var kitRecipients = db.Ask<LotKitRecipients.Row>($"select * from ({new LotKitRecipients(db).Rows(new(id))}) r order by sent_at desc, id limit {Latest}");
        var moves = db.Ask<MoveList.Row>($"{MoveList.All} where m.company_id = {db.Company} and m.sku = {lot.Sku} and m.lot = {lot.Code} and m.lot <> '' order by m.happened_at desc, m.id desc limit {Latest}");
        var transit = db.Ask<Quantity>(
            $"select coalesce(sum(case when to_location = {Place.Transit} then quantity else -quantity end), 0)::bigint from stock.move where company_id = {db.Company} and sku = {lot.Sku} and lot = {lot.Code} and lot <> '' and {Place.Transit} in (from_location, to_location)");
        await db.Flush(ct);
        Freezes = [.. (await Places.Of(settings, ct)).Freezes.Where(f => f.Sku == lot.Sku && f.Lot == lot.Code && reach.Covers(f.Node))];
        (Called, Levels, Sources, Recipients, Moves, OnItsWay) = (names.Value[0], levels.Value, sources.Value, recipients.Value, moves.Value, transit.Value[0]);
        (Became, MadeOf, KitRecipients) = (became.Value, madeOf.Value, kitRecipients.Value);
        return true;
    }
}
