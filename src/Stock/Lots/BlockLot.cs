using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Takes a lot off sale at every site in one step, and with it the lots that were made of it. With `Recall` it is called back as well: whoever tells the customers gets a case with how many
/// units went to how many of them, and with who has what was made of it.
[Operation("stock.block-lot", StockPermissions.Freeze, ChangesSettings = true, Said = "blocked {lots|a lot}", Icon = "lock")]
internal sealed class BlockLot(KeelDb db, Settings settings, Freezing freezing, CaseDesk cases) : IOperation<BlockLot.Request, DocumentRef>
{
    public sealed record Request(Guid Lot, [Required, MaxLength(200)] string Reason, bool Recall = false, [MaxLength(100)] string? Owner = null,
        [Display(Name = "With what was made of it")] bool WithMade = true);

    public static readonly Error Already = new("stock.lot-blocked", "This lot is blocked already.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        if (await db.Table<Lot>().Find($"company_id = {db.Company} and id = {request.Lot} for update", ct) is not { } lot) return Lot.Unknown;
        var blocked = places.Freezes.Where(f => f.Lot is not null).Select(f => (f.Node, f.Sku!.Value, f.Lot!.Value)).ToHashSet();
        var owner = request.Owner is { Length: > 0 } named ? named.Trim() : db.Work.Actor.Name;
        var reason = request.Reason.Trim();
        // A lot that was taken off with a part of it, or is over, is blocked for itself from now on.
        var itself = places.Freezes.Where(f => (f.MadeOf || f.Expired) && f.Sku == lot.Sku && f.Lot == lot.Code).Select(f => f with { MadeOf = false, Expired = false, Reason = reason, Owner = owner }).ToArray();
        db.Table<Freeze>().Update(itself, nameof(Freeze.MadeOf), nameof(Freeze.Expired), nameof(Freeze.Reason), nameof(Freeze.Owner));
        Freeze[] freezes = [.. Everywhere(lot.Sku, lot.Code, reason, isMade: false)];
        if (request.WithMade)
        {
            // Nobody assembles while it is found out what was made of the lot.
            Places.Await(db, network.Sites.Keys);
            var what = $"made of {Lot.Named(lot.Sku, lot.Code)}: {reason}";
            freezes = [.. freezes, .. (await LotTrace.MadeOf(db, lot.Id, ct)).SelectMany(m => Everywhere(m.Sku, m.Lot, what, isMade: true))];
        }

        IEnumerable<Freeze> Everywhere(Sku sku, LotCode code, string why, bool isMade) => network.Sites.Keys.Where(n => !blocked.Contains((n, sku, code))).Order().Select(n => new Freeze(
            db.NewId<Freeze>(), db.Company, n, null, sku, why, owner, db.Now, db.Work.Actor.Name, db.Work.Operation, Lot: code, MadeOf: isMade));

        if (freezes.Length == 0 && itself.Length == 0 && !request.Recall) return Already.With($"{Lot.Named(lot.Sku, lot.Code)} is blocked at every site already.");
        db.Work.Concerns(lot.Code.Text);
        if (freezes.Length > 0) await freezing.Add(places, freezes, ct);
        if (!request.Recall) return lot.Ref;

        var away = await db.Query<Away>(
            $"""
            select coalesce(sum(quantity), 0)::bigint as quantity, count(*) as partners from (
              select partner, sum(case step when 'Issued' then quantity else -quantity end) as quantity from stock.lot_trail
              where company_id = {db.Company} and sku = {lot.Sku} and lot = {lot.Code} and step <> 'Received' group by partner) p where quantity > 0
            """, ct);
        var made = await LotTrace.Told(db, lot.Id, ct);
        var (units, customers) = (away[0].Quantity == 1 ? "1 unit is" : $"{away[0].Quantity} units are", away[0].Partners == 1 ? "1 customer" : $"{away[0].Partners} customers");
        cases.Open([(StockCases.LotRecall, lot.Ref, $"{Lot.Named(lot.Sku, lot.Code)} is called back: {units} with {customers}. {made}{request.Reason.Trim()}")]);
        return lot.Ref;
    }

    private sealed record Away(Quantity Quantity, long Partners);
}

/// Lets a lot be sold again at every site, as far as nothing else stands against it; and what was taken off sale with it, unless another lot that it was made of
/// is blocked.
[Operation("stock.unblock-lot", StockPermissions.Freeze, ChangesSettings = true, Said = "let {lots|a lot} be sold again", Icon = "check")]
internal sealed class UnblockLot(KeelDb db, Settings settings, Freezing freezing, CaseDesk cases) : IOperation<UnblockLot.Request, DocumentRef>
{
    public sealed record Request(Guid Lot, [MaxLength(200)] string? Outcome = null);

    public static readonly Error NotBlocked = new("stock.lot-not-blocked", "This lot is not blocked.");
    public static readonly Error Over = new("stock.lot-over", "This lot may not be sold any more: its last day of sale is over. Change its date if that is wrong, or scrap it.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        if (await db.Table<Lot>().Find($"company_id = {db.Company} and id = {request.Lot} for update", ct) is not { } lot) return Lot.Unknown;
        var all = places.Freezes.Where(f => f.Sku == lot.Sku && f.Lot == lot.Code).ToArray();
        if (all.Length == 0) return NotBlocked;
        Places.Await(db, network.Sites.Keys);
        var otherwise = await LotTrace.BlockedOtherwise(db, lot.Id, ct);
        var made = (await LotTrace.MadeOf(db, lot.Id, ct)).Where(m => !otherwise.Contains(m)).ToHashSet();
        var with = places.Freezes.Where(f => f is { MadeOf: true, Sku: { } sku, Lot: { } code } && made.Contains(new LotKey(sku, code)));
        // What is over stays off sale where it is over.
        var over = all.Where(f => !f.Expired && lot.SellUntil < network.DayAt(f.Node, db.Now)).Select(f => f with { Expired = true, MadeOf = false }).ToArray();
        db.Table<Freeze>().Update(over, nameof(Freeze.Expired), nameof(Freeze.MadeOf));
        var ended = all.Where(f => !f.Expired && !over.Any(o => o.Id == f.Id)).Concat(with).DistinctBy(f => f.Id).Select(f => f with { ThawedAt = db.Now, ThawedBy = db.Work.Actor.Name, Outcome = request.Outcome?.Trim() }).ToArray();
        if (all.All(f => f.Expired)) return Over.With($"{Lot.Named(lot.Sku, lot.Code)} was sold until {lot.SellUntil:yyyy-MM-dd}. Change its date if that is wrong, or scrap it.");
        db.Work.Concerns(lot.Code.Text);
        if (ended.Length > 0) await freezing.Thaw(places, ended, ct);
        cases.Close(StockCases.LotRecall, [lot.Id], request.Outcome?.Trim() is { Length: > 0 } outcome ? outcome : "the lot is sold again");
        return lot.Ref;
    }
}
