using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// A lot of a product, as freezes name it.
internal readonly record struct LotKey(Sku Sku, LotCode Lot);

/// The trace of lots through the papers on which goods become others: what lay on one paper of assembly or conversion went together. A kit that is
/// taken apart gives back what went into it, so that paper makes nothing new.
internal static class LotTrace
{
    private static SqlText.Verbatim Makes(string move) => new($" and not ({move}.document_kind = 'assembly' and {move}.reason = '{TakeApart.Reason}')");

    /// The lot itself, and the lots of what was made of it, at any remove.
    public static FormattableString Made(KeelDb db, Guid lot) =>
        $"""
        made (sku, lot) as (
          select l.sku, l.code from stock.lot l where l.company_id = {db.Company} and l.id = {lot}
          union
          select o.sku, o.lot from made m
          join stock.move i on i.company_id = {db.Company} and i.sku = m.sku and i.lot = m.lot and i.lot <> '' and i.to_location = {Place.Production}{Makes("i")}
          join stock.move o on o.document_id = i.document_id and o.from_location = {Place.Production} and o.lot <> '')
        """;

    /// The lot itself, and the lots that went into it, at any remove.
    public static FormattableString Parts(KeelDb db, Guid lot) =>
        $"""
        parts (sku, lot) as (
          select l.sku, l.code from stock.lot l where l.company_id = {db.Company} and l.id = {lot}
          union
          select i.sku, i.lot from parts p
          join stock.move o on o.company_id = {db.Company} and o.sku = p.sku and o.lot = p.lot and o.lot <> '' and o.from_location = {Place.Production}{Makes("o")}
          join stock.move i on i.document_id = o.document_id and i.to_location = {Place.Production} and i.lot <> '')
        """;

    /// The lots that were made of a lot, at any remove.
    public static async Task<IReadOnlyList<LotKey>> MadeOf(KeelDb db, Guid lot, CancellationToken ct) =>
        await db.Query<LotKey>($"with recursive {Made(db, lot)} select m.sku, m.lot from made m where not exists (select from stock.lot l where l.id = {lot} and l.sku = m.sku and l.code = m.lot) order by 1, 2", ct);

    /// Of the lots that were made of a lot, those that were made of another one too which is blocked for itself.
    public static async Task<IReadOnlySet<LotKey>> BlockedOtherwise(KeelDb db, Guid lot, CancellationToken ct) =>
        (await db.Query<LotKey>(
            $"""
            with recursive {Made(db, lot)},
            parts (root_sku, root_lot, sku, lot) as (
              select m.sku, m.lot, m.sku, m.lot from made m
              union
              select p.root_sku, p.root_lot, i.sku, i.lot from parts p
              join stock.move o on o.company_id = {db.Company} and o.sku = p.sku and o.lot = p.lot and o.lot <> '' and o.from_location = {Place.Production}{Makes("o")}
              join stock.move i on i.document_id = o.document_id and i.to_location = {Place.Production} and i.lot <> '')
            select distinct p.root_sku as sku, p.root_lot as lot from parts p
            join stock.freeze f on f.company_id = {db.Company} and f.sku = p.sku and f.lot = p.lot and f.thawed_at is null and not f.expired and not f.made_of
            where (p.sku, p.lot) <> (p.root_sku, p.root_lot) and not exists (select from stock.lot l where l.id = {lot} and l.sku = p.sku and l.code = p.lot)
            """, ct)).ToHashSet();

    /// The papers on which units of the lots in `made` went in.
    public static FormattableString Into(KeelDb db) =>
        $"""
        select m.sku, m.lot, m.document_kind, m.document_id, m.document_number, m.from_node as node, min(m.happened_at) as happened_at, sum(m.quantity)::bigint as quantity
        from made t join stock.move m on m.company_id = {db.Company} and m.sku = t.sku and m.lot = t.lot and m.lot <> '' and m.to_location = {Place.Production}{Makes("m")}
        group by m.sku, m.lot, m.document_kind, m.document_id, m.document_number, m.from_node
        """;

    /// The papers on which units of the lots in `parts` came out.
    public static FormattableString OutOf(KeelDb db) =>
        $"""
        select m.sku, m.lot, m.document_kind, m.document_id, m.document_number, m.to_node as node, min(m.happened_at) as happened_at, sum(m.quantity)::bigint as quantity
        from parts t join stock.move m on m.company_id = {db.Company} and m.sku = t.sku and m.lot = t.lot and m.lot <> '' and m.from_location = {Place.Production}{Makes("m")}
        group by m.sku, m.lot, m.document_kind, m.document_id, m.document_number, m.to_node
        """;

    private const int Most = 5;

    /// What a recall has to say of what was made of a lot, in one sentence each; nothing where nothing was.
    public static async Task<string> Told(KeelDb db, Guid lot, CancellationToken ct)
    {
        var away = db.Ask<LotKitRecipients.Row>($"select * from ({new LotKitRecipients(db).Rows(new(lot))}) r where away > 0 order by sent_at, id");
        var made = db.Ask<LotBecame.Row>($"select * from ({new LotBecame(db).Rows(new(lot))}) r order by happened_at, id");
        await db.Flush(ct);
        var names = away.Value.Select(a => a.PartnerName ?? a.OrderNumber).Distinct().ToArray();
        var there = made.Value.Where(m => m is { Lot: not null, OnHand.IsPositive: true }).DistinctBy(m => (m.Sku, m.Lot)).ToArray();
        var untold = made.Value.Where(m => m.Lot is null).DistinctBy(m => (m.DocumentId, m.Sku)).ToArray();
        var told = new List<string>();
        if (names.Length > 0) told.Add($"What was made of it is with {Some(names)}: {Some(away.Value.GroupBy(a => (a.Sku, a.Lot)).Select(g => $"{g.Sum(a => a.Away)} × {Lot.Named(g.Key.Sku, g.Key.Lot)}"))}.");
        if (there.Length > 0) told.Add($"On hand of what was made of it: {Some(there.Select(m => $"{m.OnHand} × {Lot.Named(m.Sku, m.Lot!.Value)} at {m.Sites}"))}.");
        if (untold.Length > 0) told.Add($"It went into {Some(untold.Select(m => $"{m.CameOut} × {m.Sku} on {m.DocumentNumber}"))}, not told apart by lot.");
        return string.Concat(told.Select(t => t + " "));
    }

    private static string Some(IEnumerable<string> all) => all.ToArray() is { Length: > Most } many ? $"{string.Join(", ", many.Take(Most))} and {many.Length - Most} more" : string.Join(", ", all);
}

/// What the goods of a lot became: each paper on which they, or what was made of them, went into kits or other goods. What came out is of a lot of its own,
/// or is not told apart: then its paper is all that is known.
[View("stock.lot-became", StockPermissions.Read, Sort = "-happened-at")]
internal sealed class LotBecame(KeelDb db) : IView<LotBecame.Row, LotBecame.Args>
{
    public sealed record Args(Guid Lot);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required string DocumentKind { get; init; }
        public required Guid DocumentId { get; init; }
        [Search, Title("Paper")] public required string DocumentNumber { get; init; }
        [Title("Site")] public required NodeCode Node { get; init; }
        [Title("When")] public required DateTimeOffset HappenedAt { get; init; }
        [Title("What went in")] public required Sku PartSku { get; init; }
        [Title("Of lot")] public required LotCode PartLot { get; init; }
        public required Quantity WentIn { get; init; }
        [Search, Title("What came out")] public required Sku Sku { get; init; }
        [Search, Title("Its lot or serial")] public LotCode? Lot { get; init; }
        public Guid? LotId { get; init; }
        public required Quantity CameOut { get; init; }
        /// Of its lot, now; nobody knows it of what is not told apart.
        [Title("Still on hand")] public Quantity? OnHand { get; init; }
        public string? Sites { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        with recursive {LotTrace.Made(db, args.Lot)}
        select i.document_id::text || ' ' || i.sku || ' ' || i.lot || ' ' || o.sku || ' ' || o.lot as id, i.document_kind, i.document_id, i.document_number, i.node, i.happened_at, i.sku as part_sku,
          i.lot as part_lot, i.quantity as went_in, o.sku, nullif(o.lot, '') as lot, k.id as lot_id, o.came_out, case when k.id is not null then h.on_hand end as on_hand, h.sites
        from ({LotTrace.Into(db)}) i
        cross join lateral (select m.sku, m.lot, sum(m.quantity)::bigint as came_out from stock.move m where m.document_id = i.document_id and m.from_location = {Place.Production} group by 1, 2) o
        left join stock.lot k on k.company_id = {db.Company} and k.sku = o.sku and k.code = o.lot
        cross join lateral (select coalesce(sum(v.on_hand), 0)::bigint as on_hand, string_agg(distinct v.node, ', ') as sites from stock.level v
          where v.company_id = {db.Company} and v.sku = o.sku and v.lot = o.lot and v.lot <> '' and v.on_hand > 0{db.Work.Actor.Reach.And("v.node")}) h
        where true{db.Work.Actor.Reach.And("i.node")}
        """;
}

/// What the goods of a lot were made of: each paper that put them, or what they were made of, together, with what went in and whom that came from.
[View("stock.lot-made-of", StockPermissions.Read, Sort = "-happened-at")]
internal sealed class LotMadeOf(KeelDb db) : IView<LotMadeOf.Row, LotMadeOf.Args>
{
    public sealed record Args(Guid Lot);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required string DocumentKind { get; init; }
        public required Guid DocumentId { get; init; }
        [Search, Title("Paper")] public required string DocumentNumber { get; init; }
        [Title("Site")] public required NodeCode Node { get; init; }
        [Title("When")] public required DateTimeOffset HappenedAt { get; init; }
        [Title("What came out")] public required Sku MadeSku { get; init; }
        [Title("Of lot")] public required LotCode MadeLot { get; init; }
        public required Quantity CameOut { get; init; }
        [Search, Title("What went in")] public required Sku Sku { get; init; }
        [Search, Title("Its lot or serial")] public LotCode? Lot { get; init; }
        public Guid? LotId { get; init; }
        public required Quantity WentIn { get; init; }
        [Title("Suppliers")] public string? Suppliers { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        with recursive {LotTrace.Parts(db, args.Lot)}
        select o.document_id::text || ' ' || o.sku || ' ' || o.lot || ' ' || i.sku || ' ' || i.lot as id, o.document_kind, o.document_id, o.document_number, o.node, o.happened_at, o.sku as made_sku,
          o.lot as made_lot, o.quantity as came_out, i.sku, nullif(i.lot, '') as lot, k.id as lot_id, i.went_in,
          (select string_agg(distinct p.name, ', ') from partners.pub_partner p where k.id is not null and (p.id = k.supplier
            or p.id in (select r.partner from stock.lot_trail r where r.company_id = {db.Company} and r.sku = i.sku and r.lot = i.lot and r.step = 'Received'))) as suppliers
        from ({LotTrace.OutOf(db)}) o
        cross join lateral (select m.sku, m.lot, sum(m.quantity)::bigint as went_in from stock.move m where m.document_id = o.document_id and m.to_location = {Place.Production} group by 1, 2) i
        left join stock.lot k on k.company_id = {db.Company} and k.sku = i.sku and k.code = i.lot
        where true{db.Work.Actor.Reach.And("o.node")}
        """;
}

/// Who got kits, or other goods, that were made of a lot and are of lots themselves, and has not sent them back.
[View("stock.lot-kit-recipients", StockPermissions.Read, Sort = "-sent-at")]
internal sealed class LotKitRecipients(KeelDb db) : IView<LotKitRecipients.Row, LotKitRecipients.Args>
{
    public sealed record Args(Guid Lot);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required Guid OrderId { get; init; }
        [Search, Title("Order")] public required string OrderNumber { get; init; }
        public Guid? Partner { get; init; }
        [Title("Customer")] public string? PartnerName { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Its lot or serial")] public required LotCode Lot { get; init; }
        [Title("Got")] public required Quantity Issued { get; init; }
        [Title("Sent back")] public required Quantity Returned { get; init; }
        [Title("Still has")] public required Quantity Away { get; init; }
        [Title("Sent")] public required DateTimeOffset SentAt { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        with recursive {LotTrace.Made(db, args.Lot)}
        select t.order_id::text || ' ' || t.sku || ' ' || t.lot as id, t.order_id, t.order_number, min(t.partner::text)::uuid as partner,
          (select p.name from partners.pub_partner p where p.id = min(t.partner::text)::uuid) as partner_name, t.sku, t.lot,
          coalesce(sum(t.quantity) filter (where t.step = 'Issued'), 0)::bigint as issued, coalesce(sum(t.quantity) filter (where t.step = 'Returned'), 0)::bigint as returned,
          coalesce(sum(case t.step when 'Issued' then t.quantity else -t.quantity end), 0)::bigint as away, min(t.happened_at) as sent_at
        from made m join stock.lot_trail t on t.company_id = {db.Company} and t.sku = m.sku and t.lot = m.lot and t.step <> 'Received' and t.order_id is not null
        where not exists (select from stock.lot l where l.id = {args.Lot} and l.sku = m.sku and l.code = m.lot){db.Work.Actor.Reach.And("t.node")}
        group by t.order_id, t.order_number, t.sku, t.lot
        """;
}
