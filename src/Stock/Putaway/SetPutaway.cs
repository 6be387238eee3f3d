using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// Says where goods belong that come in. It is followed from now on; what lies somewhere already stays there.
[Operation("stock.set-putaway", StockPermissions.Locations, ChangesSettings = true, Said = "set {rules|a rule for putting away}", Icon = "warehouse")]
internal sealed class SetPutaway(KeelDb db, Settings settings, ProductGuard products) : IOperation<SetPutaway.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Item> Rules);

    /// Without a SKU and a category it is for everything; the nearest rule comes first, and among rules for the same goods the one whose turn is earlier.
    public sealed record Item(
        LocationCode Place, Sku? Sku = null, [MaxLength(80)] string? Category = null, BinChoice Choice = BinChoice.Closest, [Range(1, 99)] int Turn = 1, bool Overflow = false, GoodsCondition Condition = GoodsCondition.Good);

    public static readonly Error SkuOrCategory = Error.Invalid("stock.putaway-whose", "A rule is for a product or for a category, not for both. Name one of them, or neither for everything.");
    public static readonly Error NoBins = Error.Invalid("stock.putaway-no-bins", "There is no open bin there that such goods may lie in. Name another place.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (places, rules) = (await Places.Of(settings, ct), await PutawayRules.Of(settings, ct));
        foreach (var item in request.Rules)
        {
            if (item.Sku is not null && item.Category is { Length: > 0 }) return SkuOrCategory;
            if (!places.ByCode.TryGetValue(item.Place, out var place) || !place.Rule.Counted) return Receiving.NoPlace.With($"There is no place {item.Place}.");
            db.Work.Actor.MustBeAt(place.Node);
            if (!places.Under(item.Place).Any(p => Putaway.IsFor(p, item.Condition))) return NoBins.With($"There is no open bin in {item.Place} that such goods may lie in. Name another place.");
        }

        var named = await products.Named([.. request.Rules.Select(r => r.Sku).OfType<Sku>()], ct);
        if (!named.Ok) return named.Error!;
        request = request with { Rules = [.. request.Rules.Select(r => r with { Sku = r.Sku is { } sku ? named.Value[sku] : default(Sku?) })] };
        foreach (var node in request.Rules.Select(r => places.ByCode[r.Place].Node).Distinct()) places.StandOn(db, [node]);
        var before = rules.All.ToDictionary(r => r.Key);
        PutawayRule[] rows =
        [
            .. request.Rules.Select(i => new PutawayRule(
                db.NewId<PutawayRule>(), db.Company, places.ByCode[i.Place].Node, i.Sku?.Text ?? "", i.Category?.Trim() ?? "", i.Condition, i.Turn, i.Place, i.Choice, i.Overflow, db.Now, db.Work.Actor.Name, db.Work.Operation))
                .GroupBy(r => r.Key).Select(g => g.Last()).Select(r => before.TryGetValue(r.Key, out var was) ? r with { Id = was.Id } : r),
        ];
        foreach (var row in rows) db.Work.Changed("putaway", row.Place.Text, before.GetValueOrDefault(row.Key)?.What, row.What);
        db.Table<PutawayRule>().Insert([.. rows.Where(r => !before.ContainsKey(r.Key))]);
        db.Table<PutawayRule>().Update([.. rows.Where(r => before.ContainsKey(r.Key))], nameof(PutawayRule.Turn), nameof(PutawayRule.Choice), nameof(PutawayRule.Overflow), nameof(PutawayRule.ChangedAt), nameof(PutawayRule.ChangedBy));
        return Done.It;
    }
}

/// Takes rules for putting away back.
[Operation("stock.drop-putaway", StockPermissions.Locations, ChangesSettings = true, Said = "took {rules|a rule for putting away} back", Icon = "x")]
internal sealed class DropPutaway(KeelDb db, Settings settings) : IOperation<DropPutaway.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Rules);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var wanted = request.Rules.ToHashSet();
        var rows = (await PutawayRules.Of(settings, ct)).All.Where(r => wanted.Contains(r.Id.Value)).ToArray();
        if (rows.Length < wanted.Count) return DropRings.Gone;
        foreach (var row in rows)
        {
            db.Work.Actor.MustBeAt(row.Node);
            db.Work.Changed("putaway", row.Place.Text, row.What, "none");
        }

        db.Table<PutawayRule>().Delete(rows);
        return Done.It;
    }
}

/// Where goods belong that come in.
[View("stock.putaway-rules", StockPermissions.Read, Sort = "node")]
internal sealed class PutawayRuleList(KeelDb db) : IView<PutawayRuleList.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("SKU", Empty = "everything")] public string? Sku { get; init; }
        [Search, Title("Category")] public string? Category { get; init; }
        [Title("Condition")] public required GoodsCondition Condition { get; init; }
        public required int Turn { get; init; }
        [Search, Title("Goes to")] public required LocationCode Place { get; init; }
        [Title("Which bin first")] public required BinChoice Choice { get; init; }
        [Title("Since")] public required DateTimeOffset ChangedAt { get; init; }
        [Title("By")] public required string ChangedBy { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select r.id, r.node, nullif(r.sku, '') as sku, nullif(r.category, '') as category, r.condition, r.turn, r.place, r.choice, r.changed_at, r.changed_by,
          case when r.overflow then 'When nothing else has room' when r.sku <> '' then 'Before all other rules' when r.category <> '' then 'After the rules of a product' else 'After the rules of products and categories' end as next
        from stock.putaway_rule r where r.company_id = {db.Company}{db.Work.Actor.Reach.And("r.node")}
        """;
}
