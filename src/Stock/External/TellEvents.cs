using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Takes what those who run external sites say happened to goods there: lost, found, damaged, good again. Facts: our book follows at once as far as it has the
/// goods, promises give way, and what it has not is a case. What a snapshot told already is explained by them, not booked twice. What they receive is a receipt, what they send a shipment.
[Operation("stock.external-events", StockPermissions.External, Said = "took {events|events} of external sites", Icon = "warehouse")]
internal sealed class TellEvents(KeelDb db, Settings settings, Policies policies, ProductGuard products, Drift drift, StockFacts facts, CaseDesk cases) : IOperation<TellEvents.Request, IReadOnlyList<DocumentRef>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Event> Events);

    /// `Reference` is their own key of the event: told twice, it is one. `HappenedAt` is now where nothing is said.
    public sealed record Event(
        NodeCode Node, [Required, MaxLength(80)] string Reference, ExternalEventKind Kind, Sku Sku, [Positive] Quantity Quantity, LotCode? Lot = null, DateTimeOffset? HappenedAt = null,
        [MaxLength(200)] string? Note = null);

    public static readonly Error OtherEvent = new("stock.event-changed", "An event with this reference was told before, and it said something else. Give this one a reference of its own.");
    public static readonly Error Twice = Error.Invalid("stock.event-twice", "The same reference of one site stands on two lines. Each event has one of its own.");
    public static readonly Error InFuture = Error.Invalid("stock.event-future", "This has not happened yet. Leave the instant out, or give the one at which it happened.");
    public static readonly Error WhichLot = Error.Invalid("stock.event-lot", "Units of this product are told apart. Say of which lot they are.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var all = request.Events.Select(e => e with { Reference = e.Reference.Trim() }).ToArray();
        if (all.Any(e => e.HappenedAt > db.Now)) return InFuture;
        if (all.GroupBy(e => (e.Node, e.Reference)).Any(g => g.Count() > 1)) return Twice;
        foreach (var node in all.Select(e => e.Node).Distinct())
        {
            if (!network.Sites.TryGetValue(node, out var site)) return Receiving.NoNode.With($"There is no site {node}. Create the site first.");
            if (site.Authority is not SiteAuthority.External) return TellSnapshot.NotExternal.With($"{site.Name} is under our own authority: its book is ours. Count it instead.");
        }

        if (await products.Check(all.Select(e => (e.Sku, e.Quantity)), ct, "events") is { } wrong) return wrong;
        var reason = (await policies.Of<DriftRules>(ct)).Choice.Reason;
        if ((await Reasons.Of(settings, ct)).Wrong(reason) is { } closed) return closed;
        var lots = new Dictionary<(Sku, LotCode), Lot>();
        foreach (var (sku, code) in all.Where(e => e.Lot is not null).Select(e => (e.Sku, e.Lot!.Value)).Distinct())
        {
            if (await Lot.Find(db, sku, code, ct) is not { } lot) return Lot.Unknown.With($"Nobody knows a lot {code} of {sku}. Check the number.");
            lots[(sku, code)] = lot;
        }

        var there = await Known(all, ct);
        if (all.FirstOrDefault(e => there.TryGetValue((e.Node, e.Reference), out var known) && !IsSame(known, e)) is { } other) return Changed(other);
        if (there.Count == all.Length) return all.Select(e => there[(e.Node, e.Reference)].Ref).ToArray();
        var numbers = await db.Numbers.Take(db.Company, "XE", db.Now.Year, all.Length, ct);
        var papers = new Dictionary<bool, Queue<string>>();
        foreach (var kind in all.GroupBy(IsLossOrFind).OrderByDescending(g => g.Key)) papers[kind.Key] = new(await db.Numbers.Take(db.Company, kind.Key ? "AD" : "CH", db.Now.Year, kind.Count(), ct));
        var open = await drift.Lock([.. all.Select(e => e.Node).Distinct()], ct);
        var before = await Known(all, ct);
        if (all.FirstOrDefault(e => before.TryGetValue((e.Node, e.Reference), out var known) && !IsSame(known, e)) is { } changed) return Changed(changed);
        foreach (var (item, number) in all.Zip(numbers).Where(p => !before.ContainsKey((p.First.Node, p.First.Reference))))
        {
            db.Work.Concerns(number);
            db.Work.Concerns(item.Sku.Text);
        }

        if (all.Select(e => e.HappenedAt).Distinct().ToArray() is [var one]) db.Work.HappenedAt = one;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, all.Select(e => new PositionKey(db.Company, e.Sku, e.Node, PositionKey.Own)), create: true, ct);

        var free = new HashSet<(NodeCode Node, Sku Sku)>();
        var answer = new List<DocumentRef>();
        foreach (var (item, number) in all.Zip(numbers))
        {
            if (before.TryGetValue((item.Node, item.Reference), out var known))
            {
                answer.Add(known.Ref);
                continue;
            }

            var lot = item.Lot is { } code ? lots[(item.Sku, code)] : null;
            if (lot is null && Drift.Lots(shelf, new PositionKey(db.Company, item.Sku, item.Node, PositionKey.Own)) is { Count: var some } && (some > 1 || (some == 1 && item.Kind is ExternalEventKind.Found)))
                return WhichLot.With($"Units of {item.Sku} are told apart. Say of which lot they are.");
            var fact = new ExternalEvent(
                Guid.CreateVersion7(db.Now), db.Company, number, item.Node, item.Reference, item.Kind, item.Sku, item.Lot?.Text ?? "", item.Quantity, 0, item.Note, item.HappenedAt ?? db.Now, db.Now, db.Work.Actor.Name, null, null,
                db.Work.Operation);
            open = drift.Explain(open, shelf, network, fact, free);
            var desk = new DriftBooking(db, shelf, places, network, item.Node, fact.Ref, papers[IsLossOrFind(item)].Dequeue(), reason, fact.HappenedAt);
            var booked = desk.Follow(fact, lot);
            db.Table<ExternalEvent>().Insert(booked.IsZero ? fact : fact with { Booked = booked, DocumentId = desk.Document.Id, DocumentNumber = desk.Document.Number });
            if (IsLossOrFind(item)) await desk.Write(settings, ct);
            else if (booked.IsPositive) desk.WriteChange(item.Kind is ExternalEventKind.Damaged ? "damaged, as the site tells" : "good again, as the site tells");
            if (item.Quantity - booked is { IsPositive: true } left)
                cases.Open(StockCases.ExternalDrift, fact.Ref, $"{network.Sites[item.Node].Name} tells of {item.Quantity} of {item.Sku}, {item.Kind.Spoken}, and our book has {left} fewer there. Ask for a snapshot.");
            foreach (var sku in desk.More) free.Add((item.Node, sku));
            answer.Add(fact.Ref);
        }

        facts.Tell(await shelf.GiveWay("the site tells that less is there", ct), "external");
        shelf.Write();
        foreach (var site in free.GroupBy(f => f.Node)) db.Raise(new StockArrived(site.Key, [.. site.Select(f => f.Sku).Distinct().Order()]));
        return answer;
    }

    private static bool IsLossOrFind(Event item) => item.Kind is ExternalEventKind.Lost or ExternalEventKind.Found;

    private static bool IsSame(ExternalEvent known, Event item) => (known.Kind, known.Sku, known.Lot, known.Quantity) == (item.Kind, item.Sku, item.Lot?.Text ?? "", item.Quantity);

    private static Error Changed(Event item) => OtherEvent.With($"{item.Reference} was told before, and it said something else. Give this one a reference of its own.");

    /// What was told before under these references.
    private async Task<Dictionary<(NodeCode, string), ExternalEvent>> Known(Event[] all, CancellationToken ct)
    {
        var (nodes, references) = (all.Select(e => e.Node), all.Select(e => e.Reference));
        return (await db.Query<ExternalEvent>(
            $"{ExternalEvent.Columns} where company_id = {db.Company} and (node, reference) in (select * from unnest({nodes}, {references}))", ct)).ToDictionary(e => (e.Node, e.Reference));
    }
}
