using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// Agrees with a partner that goods of theirs lie with us: why, whether orders are promised them, and what a unit costs us once it is ours.
[Operation("stock.agree-owner", StockPermissions.Owners, ChangesSettings = true, Said = "agreed on goods of {partner|a partner}", Icon = "person")]
internal sealed class AgreeOwner(KeelDb db, Settings settings, ProductGuard products) : IOperation<AgreeOwner.Request, DocumentRef>
{
    /// What is left out of `Costs` stays as it was agreed.
    public sealed record Request(
        Guid Partner, OwnerKind Kind = OwnerKind.Consignor, PromisedWhen Promised = PromisedWhen.AfterOwn, [MaxLength(1000)] IReadOnlyList<Price>? Costs = null, [MaxLength(300)] string? Note = null);

    /// Of each SKU what one unit costs us when it becomes ours, from today on where no day is named.
    public sealed record Price(Sku Sku, [NotNegative] [property: Cost] UnitPrice UnitCost, DateOnly? FromOn = null);

    public static readonly Error NoPartner = Error.NotFound("stock.owner-partner", "There is no such partner. Create the partner first.");
    public static readonly Error GoodsThere = new("stock.owner-goods-there", "Goods of theirs lie here. Take them over or give them back before the agreement becomes another one.");
    public static readonly Error ClientNotPromised = Error.Invalid("stock.owner-client-promised", "What we keep for a client is not ours to sell: it is promised to nobody.");
    public static readonly Error Twice = Error.Invalid("stock.agreed-twice", "The cost of a SKU from one day on is named twice. Name it once.");

    private sealed record PartnerRow(Guid Id, string Number, string Name);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (owners, network) = (await Owners.Of(settings, ct), await Network.Of(settings, ct));
        var costs = request.Costs ?? [];
        if (await db.Query<PartnerRow>($"select id, number, name from partners.pub_partner where company_id = {db.Company} and id = {request.Partner}", ct) is not [var partner]) return NoPartner;
        if (request.Kind is OwnerKind.Client && (request.Promised is not PromisedWhen.Never || costs.Count > 0)) return ClientNotPromised;
        if (costs.Any(c => c.UnitCost.Currency != network.Company.Currency)) return ReceiveGoods.WrongCurrency;
        if (await products.Check(costs.Select(c => (c.Sku, (Quantity)1)), ct) is { } wrong) return wrong;
        var today = network.Day(db.Now);
        if (costs.GroupBy(c => (c.Sku, c.FromOn ?? today)).Any(g => g.Count() > 1)) return Twice;

        var before = owners.ByCode.Values.FirstOrDefault(o => o.Partner == partner.Id);
        if (before is not null && before.Kind != request.Kind
            && await db.First<bool>($"select exists (select from stock.position where company_id = {db.Company} and owner = {before.Code} and on_hand > 0)", ct)) return GoodsThere.With($"Goods of {partner.Name} lie here. Take them over or give them back before the agreement becomes another one.");
        var owner = before is null
            ? new GoodsOwner(Guid.CreateVersion7(db.Now), db.Company, partner.Id, partner.Number, request.Kind, request.Promised, request.Note?.Trim(), db.Now, db.Work.Actor.Name, 1, db.Work.Operation)
            : before with { Kind = request.Kind, Promised = request.Promised, Note = request.Note?.Trim(), Version = before.Version + 1 };
        db.Work.Concerns(partner.Number);
        db.Work.Changed(GoodsOwner.RecordKind, owner.Code, before, owner);
        if (before is null) db.Table<GoodsOwner>().Insert(owner);
        else db.Table<GoodsOwner>().Update([owner], nameof(GoodsOwner.Kind), nameof(GoodsOwner.Promised), nameof(GoodsOwner.Note), nameof(GoodsOwner.Version));
        foreach (var cost in costs)
        {
            var from = cost.FromOn ?? today;
            db.Work.Changed(GoodsOwner.RecordKind, owner.Code, $"Cost of {cost.Sku}", owners.CostOf(owner.Code, cost.Sku, from)?.ToString(), $"{cost.UnitCost} from {from:yyyy-MM-dd}");
            db.Queue(
                $"""
                insert into stock.agreed_cost (company_id, owner, sku, from_on, unit_cost, currency, agreed_at, agreed_by, operation)
                values ({db.Company}, {owner.Code}, {cost.Sku}, {from}, {cost.UnitCost.Micros}, {cost.UnitCost.Currency}, {db.Now}, {db.Work.Actor.Name}, {db.Work.Operation})
                on conflict (company_id, owner, sku, from_on) do update set unit_cost = excluded.unit_cost, agreed_at = excluded.agreed_at, agreed_by = excluded.agreed_by, operation = excluded.operation
                """);
        }

        return owner.Ref;
    }
}
