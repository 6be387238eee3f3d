using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// Whose goods lie with us, how many, and what we owe for those that became ours and stand on no statement yet.
[View("stock.owners", StockPermissions.Read, Sort = "name")]
internal sealed class OwnerList(KeelDb db) : IView<OwnerList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("Number")] public required string Code { get; init; }
        [Search, Title("Owner")] public required string Name { get; init; }
        [Title("Why")] public required OwnerKind Kind { get; init; }
        [Title("Promised to orders")] public required PromisedWhen Promised { get; init; }
        [Title("SKUs here")] public required long Skus { get; init; }
        [Title("Units here")] public required Quantity Units { get; init; }
        [Title("On its way")] public required Quantity OnItsWay { get; init; }
        [Cost, Title("Owed, not stated yet")] public required Money Owed { get; init; }
        public required Currency Currency { get; init; }
        [Title("Statement due")] public required bool IsDue { get; init; }
        [Title("Stated until")] public DateOnly? StatedUntil { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select o.id, o.code, coalesce((select p.name from partners.pub_partner p where p.id = o.partner), o.code) as name, o.kind, o.promised, h.skus, h.units, w.on_its_way, u.owed, c.currency, u.owed > 0 as is_due, s.until_on as stated_until,
          case when u.owed > 0 then 'Draw up the statement' when h.units > 0 then 'Sell, take over or give back' when w.on_its_way > 0 then 'Receive its transfer' else 'Nothing here' end as next
        from stock.owner o join kernel.company c on c.id = o.company_id
        cross join lateral (select count(*) filter (where p.on_hand > 0) as skus, coalesce(sum(p.on_hand), 0)::bigint as units from stock.position p where p.company_id = o.company_id and p.owner = o.code) h
        cross join lateral (select coalesce(sum(w.quantity), 0)::bigint as on_its_way from stock.owned_transit w where w.company_id = o.company_id and w.owner = o.code) w
        cross join lateral (select coalesce(sum(u.value), 0)::bigint as owed from stock.owner_use u where u.company_id = o.company_id and u.owner = o.code
          and not exists (select from stock.owner_statement_move m where m.move_id = u.move_id)) u
        cross join lateral (select max(s.until_on) as until_on from stock.owner_statement s where s.company_id = o.company_id and s.owner = o.code) s
        where o.company_id = {db.Company}
        """;
}

/// What is there of others' goods, by owner, site and SKU.
[View("stock.owned-goods", StockPermissions.Read, Sort = "sku")]
internal sealed class OwnedList(KeelDb db) : IView<OwnedList.Row, OwnedList.Args>
{
    public sealed record Args(string? Owner = null);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Owner")] public required string Name { get; init; }
        [Title("Number")] public required string Owner { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search] public required string Product { get; init; }
        public required NodeCode Node { get; init; }
        public required Quantity OnHand { get; init; }
        public required Quantity Sellable { get; init; }
        public required Quantity Reserved { get; init; }
        public required string Unit { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select p.owner || ' ' || p.sku || '@' || p.node as id, coalesce((select q.name from stock.owner o join partners.pub_partner q on q.id = o.partner where o.company_id = p.company_id and o.code = p.owner), p.owner) as name,
          p.owner, p.sku, coalesce((select c.name from catalog.pub_product c where c.sku = p.sku), p.sku) as product, p.node, p.on_hand, p.sellable, p.reserved,
          coalesce((select c.unit from catalog.pub_product c where c.sku = p.sku), '') as unit
        from stock.position p where p.company_id = {db.Company} and p.owner <> {PositionKey.Own} and p.on_hand > 0 and ({args.Owner}::text is null or p.owner = {args.Owner}){db.Work.Actor.Reach.And("p.node")}
        """;
}

/// The lines of one statement, as a list and a file.
[View("stock.owner-statement-lines", StockPermissions.Read, Sort = "sku")]
internal sealed class OwnerStatementLines(KeelDb db) : IView<OwnerStatementLines.Row, OwnerStatementLines.Args>
{
    public sealed record Args(Guid Statement);

    public sealed record Row
    {
        [Key] public required Sku Sku { get; init; }
        [Title("Product")] public required string Name { get; init; }
        public required Quantity Opening { get; init; }
        public required Quantity Came { get; init; }
        [Title("Became ours")] public required Quantity Used { get; init; }
        public required Quantity GivenBack { get; init; }
        public required Quantity Corrected { get; init; }
        public required Quantity Closing { get; init; }
        [Cost] public required Money Owed { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select l.sku, coalesce((select p.name from catalog.pub_product p where p.sku = l.sku), l.sku) as name, l.opening, l.came, l.used, l.given_back, l.corrected,
          l.opening + l.came - l.used - l.given_back + l.corrected as closing, l.owed, l.currency
        from stock.owner_statement_line l where l.company_id = {db.Company} and l.statement_id = {args.Statement}
        """;
}
