using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Takes what those who run an external site say happened to goods there: lost, found, damaged, good again. A fact: our book follows at once as far as it has the
/// goods, promises give way, and what it has not is a case. What a snapshot told already is explained by it, not booked twice. What they receive is a receipt, what they send a shipment.
[Operation("stock.external-event", StockPermissions.External, Said = "took {event|an event} of an external site", Icon = "warehouse")]
internal sealed class TellEvent(KeelDb db, Settings settings, Policies policies, ProductGuard products, Drift drift, StockFacts facts, CaseDesk cases) : IOperation<TellEvent.Request, DocumentRef>
{
    /// `Reference` is their own key of the event: told twice, it is one. `HappenedAt` is now where nothing is said.
    public sealed record Request(
        NodeCode Node, [Required, MaxLength(80)] string Reference, ExternalEventKind Kind, Sku Sku, [Positive] Quantity Quantity, LotCode? Lot = null, DateTimeOffset? HappenedAt = null,
        [MaxLength(200)] string? Note = null);

    public static readonly Error OtherEvent = new("stock.event-changed", "An event with this reference was told before, and it said something else. Give this one a reference of its own.");
    public static readonly Error InFuture = Error.Invalid("stock.event-future", "This has not happened yet. Leave the instant out, or give the one at which it happened.");
    public static readonly Error WhichLot = Error.Invalid("stock.event-lot", "Units of this product are told apart. Say of which lot they are.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var at = request.HappenedAt ?? db.Now;
        if (at > db.Now) return InFuture;
        if (!network.Sites.TryGetValue(request.Node, out var site)) return Receiving.NoNode.With($"There is no site {request.Node}. Create the site first.");
        if (site.Authority is not SiteAuthority.External) return TellSnapshot.NotExternal.With($"{site.Name} is under our own authority: its book is ours. Count it instead.");
        if (await products.Check([(request.Sku, request.Quantity)], ct) is { } wrong) return wrong;
        var reason = (await policies.Of<DriftRules>(ct)).Choice.Reason;
        if ((await Reasons.Of(settings, ct)).Wrong(reason) is { } closed) return closed;
        Lot? lot = null;
        if (request.Lot is { } code && (lot = await Lot.Find(db, request.Sku, code, ct)) is null) return Lot.Unknown.With($"Nobody knows a lot {code} of {request.Sku}. Check the number.");
        if (await Known(request, ct) is { } before) return before;

        var isLossOrFind = request.Kind is ExternalEventKind.Lost or ExternalEventKind.Found;
        var number = await db.Numbers.Take(db.Company, "XE", db.Now.Year, ct);
        var paper = await db.Numbers.Take(db.Company, isLossOrFind ? "AD" : "CH", db.Now.Year, ct);
        var open = await drift.Lock([request.Node], ct);
        if (await Known(request, ct) is { } meanwhile) return meanwhile;
        db.Work.HappenedAt = at;
        db.Work.Concerns(number);
        db.Work.Concerns(request.Sku.Text);
        var key = new PositionKey(db.Company, request.Sku, request.Node, PositionKey.Own);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, [key], create: true, ct);
        if (lot is null && Drift.Lots(shelf, key).Count > 1) return WhichLot.With($"Units of {request.Sku} are told apart. Say of which lot they are.");

        var told = new ExternalEvent(
            Guid.CreateVersion7(db.Now), db.Company, number, request.Node, request.Reference.Trim(), request.Kind, request.Sku, request.Lot?.Text ?? "", request.Quantity, 0, request.Note, at, db.Now, db.Work.Actor.Name, null, null,
            db.Work.Operation);
        var free = new HashSet<(NodeCode Node, Sku Sku)>();
        drift.Explain(open, shelf, network, told, free);
        var desk = new DriftBooking(db, shelf, places, network, request.Node, told.Ref, paper, reason, at);
        if (desk.Follow(told, lot) is not { } booked) return WhichLot.With($"Units of {request.Sku} are told apart. Say of which lot they are.");
        db.Table<ExternalEvent>().Insert(booked.IsZero ? told : told with { Booked = booked, DocumentId = desk.Document.Id, DocumentNumber = desk.Document.Number });
        if (isLossOrFind) await desk.Write(settings, ct);
        else if (booked.IsPositive) desk.WriteChange(request.Kind is ExternalEventKind.Damaged ? "damaged, as the site tells" : "good again, as the site tells");
        facts.Tell(await shelf.GiveWay("the site tells that less is there", ct), "external");
        shelf.Write();
        if (request.Quantity - booked is { IsPositive: true } left)
            cases.Open(StockCases.ExternalDrift, told.Ref, $"{site.Name} tells of {request.Quantity} of {request.Sku}, {request.Kind.Spoken}, and our book has {left} fewer there. Ask for a snapshot.");
        foreach (var sku in desk.More) free.Add((request.Node, sku));
        if (free.Count > 0) db.Raise(new StockArrived(request.Node, [.. free.Select(f => f.Sku).Distinct().Order()]));
        return told.Ref;
    }

    /// What was told before under this reference, or that it said something else.
    private async Task<Result<DocumentRef>?> Known(Request request, CancellationToken ct)
    {
        if (await db.Table<ExternalEvent>().Find($"company_id = {db.Company} and node = {request.Node} and reference = {request.Reference.Trim()}", ct) is not { } known) return null;
        return (known.Kind, known.Sku, known.Lot, known.Quantity) == (request.Kind, request.Sku, request.Lot?.Text ?? "", request.Quantity) ? known.Ref
            : OtherEvent.With($"{request.Reference} was told before, and it said something else. Give this one a reference of its own.");
    }
}
