using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// What an owner is told of a period: what came, what became ours, what went back and was corrected, what is there, and what is owed.
[Rows("stock.owner_statement", "id")]
internal sealed record OwnerStatement(
    Guid Id, Id<Company> CompanyId, string Number, string Owner, DateOnly FromOn, DateOnly UntilOn, Money Owed, Currency Currency, DateTimeOffset MadeAt, string MadeBy, Guid Operation)
{
    public const string RecordKind = "owner-statement";

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<OwnerStatement>.Instance.Names} from stock.owner_statement");
}

/// One SKU of a statement. What is there at its end is the opening and all that happened.
[Rows("stock.owner_statement_line", "statement_id", "sku")]
internal sealed record OwnerStatementLine(
    Guid StatementId, Id<Company> CompanyId, Sku Sku, Quantity Opening, Quantity Came, Quantity Used, Quantity GivenBack, Quantity Corrected, Money Owed, Currency Currency)
{
    [NotAColumn]
    public Quantity Closing => Opening + Came - Used - GivenBack + Corrected;

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<OwnerStatementLine>.Instance.Names} from stock.owner_statement_line");
}

/// Draws up the statement of an owner until a day. It names the moves that it tells of: none is told twice, and what is told late stands on the next one.
[Operation("stock.state-owner", StockPermissions.Owners, Said = "drew up a statement for {owner|an owner}", Icon = "file")]
internal sealed class StateOwner(KeelDb db, Settings settings) : IOperation<StateOwner.Request, DocumentRef>
{
    public sealed record Request([Required, MaxLength(40)] string Owner, DateOnly? Until = null);

    public static readonly Error Nothing = new("stock.statement-nothing", "Nothing of theirs lies here and nothing moved: there is nothing to tell.");
    public static readonly Error Stated = new("stock.statement-stated", "There is a statement until this day already. Name a later day.");
    public static readonly Error InFuture = Error.Invalid("stock.statement-future", "A statement ends today at the latest.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var today = network.Day(db.Now);
        var until = request.Until ?? today;
        if (until > today) return InFuture;
        var number = await db.Numbers.Take(db.Company, "CS", db.Now.Year, ct);
        db.Climb(Rung.Document);
        var owner = await db.Table<GoodsOwner>().Find($"company_id = {db.Company} and code = {request.Owner.Trim()} for update", ct);
        if (owner is null) return GoodsOwner.Unknown.With($"Nobody agreed with {request.Owner} that goods of theirs lie here. Agree on it first.");
        db.Work.Concerns(number);
        db.Work.Concerns(owner.Code);
        var last = db.Ask<Last>($"select max(until_on) as until_on from stock.owner_statement where company_id = {db.Company} and owner = {owner.Code}");
        var before = db.Ask<Held>(
            $"""
            select l.sku, sum(l.came - l.used - l.given_back + l.corrected)::bigint as quantity from stock.owner_statement s join stock.owner_statement_line l on l.statement_id = s.id
            where s.company_id = {db.Company} and s.owner = {owner.Code} group by l.sku
            """);
        var moved = db.Ask<OwnerMove>($"{OwnerMove.All} and m.company_id = {db.Company} and m.owner = {owner.Code} and m.day <= {until} and not exists (select from stock.owner_statement_move t where t.move_id = m.id) order by m.day, m.id");
        await db.Flush(ct);

        if (last.Value is [{ UntilOn: { } stated }] && stated >= until) return Stated.With($"There is a statement until {stated:yyyy-MM-dd} already. Name a later day.");
        var opening = before.Value.Where(h => !h.Quantity.IsZero).ToDictionary(h => h.Sku, h => h.Quantity);
        if (opening.Count == 0 && moved.Value.Count == 0) return Nothing;
        var from = last.Value is [{ UntilOn: { } ended }] ? ended.AddDays(1) : moved.Value.Count > 0 ? moved.Value[0].Day : until;
        var id = Guid.CreateVersion7(db.Now);
        var zero = Money.Zero(network.Company.Currency);
        var bySku = moved.Value.ToLookup(m => m.Sku);
        var lines = opening.Keys.Concat(bySku.Select(g => g.Key)).Distinct().Order().Select(sku =>
        {
            var all = bySku[sku].ToArray();
            return new OwnerStatementLine(
                id, db.Company, sku, opening.GetValueOrDefault(sku), Sum(all, OwnerMoveKind.Came), Sum(all, OwnerMoveKind.Used), Sum(all, OwnerMoveKind.GivenBack), Sum(all, OwnerMoveKind.Corrected),
                all.Where(m => m.Value is not null).Aggregate(zero, (sum, m) => sum + m.Value!.Value), zero.Currency);
        }).ToArray();
        db.Table<OwnerStatement>().Insert(new OwnerStatement(
            id, db.Company, number, owner.Code, from, until, lines.Aggregate(zero, (sum, l) => sum + l.Owed), zero.Currency, db.Now, db.Work.Actor.Name, db.Work.Operation));
        db.Table<OwnerStatementLine>().Insert(lines);
        db.Queue($"insert into stock.owner_statement_move (move_id, company_id, statement_id) select k.id, {db.Company}, {id} from unnest({moved.Value.Select(m => m.Id.Value).ToArray()}) as k (id)");
        return new DocumentRef(OwnerStatement.RecordKind, id, number);
    }

    private static Quantity Sum(IEnumerable<OwnerMove> moves, OwnerMoveKind kind) =>
        moves.Where(m => m.Kind == kind).Aggregate(Quantity.Zero, (sum, m) => sum + (kind is OwnerMoveKind.Corrected && !m.IsIn ? -m.Quantity : m.Quantity));

    private sealed record Last(DateOnly? UntilOn);

    private sealed record Held(Sku Sku, Quantity Quantity);
}

/// What a move of somebody else's goods across our doors was.
internal enum OwnerMoveKind
{
    Came,
    Used,
    GivenBack,
    Corrected,
}

/// A move of somebody else's goods into what is with us, on hand or between our sites, or out of it, and what it cost us where they became ours.
internal sealed record OwnerMove(
    Id<StockMove> Id, Sku Sku, Quantity Quantity, OwnerMoveKind Kind, bool IsIn, Money? Value, Currency Currency, DateOnly Day, DateTimeOffset HappenedAt, string DocumentKind, Guid DocumentId, string DocumentNumber,
    string? NeededKind, Guid? NeededId, string? NeededNumber, string Reason)
{
    internal static readonly SqlText.Verbatim All = new(
        """
        select m.id, m.sku, m.quantity, case when m.from_location = 'SUPPLIER' then 'Came' when m.to_location = 'OWNER' then 'Used' when m.to_location = 'SUPPLIER' then 'GivenBack' else 'Corrected' end as kind,
          m.ends & 8 > 0 as is_in, u.value, m.currency, m.day, m.happened_at, m.document_kind, m.document_id, m.document_number, u.needed_kind, u.needed_id, u.needed_number, m.reason
        from stock.move m left join stock.owner_use u on u.move_id = m.id
        where m.owner <> 'own' and (m.ends & 1 > 0 or m.from_location = 'TRANSIT') <> (m.ends & 8 > 0 or m.to_location = 'TRANSIT')
        """);
}
