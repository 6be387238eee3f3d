using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Whether goods that are promised to one may go to another with a stronger claim, and from when on a promise is safe from it.
internal sealed record TakingOver(bool Allowed, [Range(0, 60)] int SafeDays) : IPolicy<TakingOver>
{
    public static string Kind => "taking-over";
    public static TakingOver AsDelivered => new(false, 2);
    public static string Says => "Whether goods that are promised to one document may be given to another with a stronger claim. A promise is safe from it so many days before the day that was promised, and as soon as its goods are set aside in a bin.";
    public static IReadOnlyList<string> UsedBy => ["stock.take-over"];
}

/// A line of a document, as lists name it: `key/line`.
internal readonly record struct LineKey(Guid Document, int Line)
{
    public static LineKey? Of(string text) =>
        text.Split('@')[0].Split('/') is [var id, var line] && Guid.TryParse(id, out var document) && int.TryParse(line, out var number) ? new LineKey(document, number) : null;
}

/// Gives goods that are promised to one line to another that waits for them and has a stronger claim. The loser waits again, with a case.
[Operation("stock.take-over", StockPermissions.Reallocate, Said = "took promised goods over", Icon = "swap")]
internal sealed class TakeOver(KeelDb db, Settings settings, Policies policies, Reallocating reallocating, CaseDesk cases) : IOperation<TakeOver.Request, Quantity>
{
    /// `From` and `For` name lines of documents as the list of who competes does: key/line.
    public sealed record Request([Required, MaxLength(80)] string From, [Required, MaxLength(80)] string For, [Required, MaxLength(200)] string Reason, [Positive] Quantity? Quantity = null);

    public static readonly Error NotAllowed = new("stock.take-over-off", "Taking over promised goods is not allowed here. The policy taking-over says whether it is.");
    public static readonly Error Weaker = new("stock.take-over-weaker", "Its claim is not stronger: goods go to the higher priority, and among equals to the earlier promised day.");
    public static readonly Error Safe = new("stock.take-over-safe", "This promise is safe: its day is too near.");
    public static readonly Error NotWaiting = new("stock.take-over-not-waiting", "Nobody waits there for goods that this promise has. Load the page again.");
    public static readonly Error Ringed = new("stock.take-over-kept", "The channel may not have more of it.");

    public async Task<Result<Quantity>> Run(Request request, CancellationToken ct)
    {
        var rules = (await policies.Of<TakingOver>(ct)).Choice;
        if (!rules.Allowed) return NotAllowed;
        if (LineKey.Of(request.From) is not { } from || LineKey.Of(request.For) is not { } to) return NotWaiting;
        var waiting = db.Ask<Waiting>($"{Waiting.Columns} where company_id = {db.Company} and document_id = {to.Document} and line = {to.Line}");
        var taken = await reallocating.Lock(from, waiting, [], ct);
        if (!taken.Ok) return taken.Error!;
        var (shelf, promises, held) = taken.Value;
        // Read again behind the lock: whoever else served it meanwhile has written it before.
        if ((await db.Query<Waiting>($"{Waiting.Columns} where company_id = {db.Company} and document_id = {to.Document} and line = {to.Line} for update", ct)) is not [var winner]) return NotWaiting;
        var open = promises.Where(p => winner.Nodes.Contains(p.Node) && p.Sku == winner.Sku && p.DocumentId != winner.DocumentId && p.Kind is not DemandKind.Cart && reallocating.Suits(p, winner.Kind)).ToArray();
        if (open.Length == 0) return NotWaiting;
        var loser = open[0];
        if ((winner.Rank, winner.PromisedBy ?? DateOnly.MaxValue).CompareTo((loser.Rank, loser.PromisedBy ?? DateOnly.MaxValue)) >= 0) return Weaker;
        var today = (await Network.Of(settings, ct)).DayAt(loser.Node, db.Now);
        if (loser.PromisedBy is { } day && day <= today.AddDays(rules.SafeDays)) return Safe.With($"{loser.DocumentNumber} is promised for {day:yyyy-MM-dd}: from {rules.SafeDays} days before, nobody takes from it.");

        var why = $"taken over by {winner.DocumentNumber}: {request.Reason}";
        var left = Quantity.Min(winner.Quantity, request.Quantity ?? winner.Quantity);
        var lost = reallocating.Move(shelf, held, open, left, Reallocating.DemandOf(winner), winner.Line, null, StepKind.TakenOver, why, out var kept);
        var moved = lost.Sum(l => l.Lost);
        if (!moved.IsPositive) return kept is null ? NotWaiting : Ringed.With($"{winner.DocumentNumber} cannot have more of {winner.Sku}: {kept}.");
        shelf.Write();
        WaitingList.Add(db, lost);
        WaitingList.Serve(db, winner, moved);
        cases.Open(StockCases.TakenOver, loser.Document, $"{loser.DocumentNumber} lost {moved} × {loser.Sku} to {winner.DocumentNumber}: {request.Reason}.");
        foreach (var (reservation, quantity) in lost) db.Raise(new PromiseDisplaced(reservation.Document, reservation.Kind, reservation.Sku, reservation.Node, quantity, why));
        db.Raise(new PromiseGained(winner.Document, winner.Kind));
        return moved;
    }
}

/// Gives promised goods of a line free: they go to the strongest claim that waits, and the line waits again. A kit goes as a whole.
[Operation("stock.release-promise", StockPermissions.Reallocate, Said = "gave promised goods free", Icon = "x")]
internal sealed class ReleasePromise(KeelDb db, Reallocating reallocating) : IOperation<ReleasePromise.Request, Quantity>
{
    public sealed record Request([Required, MaxLength(80)] string From, [Required, MaxLength(200)] string Reason);

    public async Task<Result<Quantity>> Run(Request request, CancellationToken ct)
    {
        if (LineKey.Of(request.From) is not { } from) return Reallocating.NotPromised;
        var locked = await reallocating.Lock(from, null, [], ct, withKit: true);
        if (!locked.Ok) return locked.Error!;
        var (shelf, promises, _) = locked.Value;
        foreach (var promise in promises) shelf.Reduce(promise, promise.Open, StepKind.Released, request.Reason);
        shelf.Write();
        WaitingList.Add(db, [.. promises.Select(p => (p, p.Open))]);
        foreach (var promise in promises)
        {
            db.Raise(new PromiseDisplaced(promise.Document, promise.Kind, promise.Sku, promise.Node, promise.Open, request.Reason));
            db.Raise(new StockArrived(promise.Node, [promise.Sku]));
        }

        // Of a kit the line that was named counts: its other components go with it.
        return promises.Where(p => p.Line == from.Line).Sum(p => p.Open);
    }
}

/// Promises a line from another site instead: all of it, or nothing is changed.
[Operation("stock.move-promise", StockPermissions.Reallocate, Said = "promised it from another site", Icon = "branch")]
internal sealed class MovePromise(KeelDb db, Settings settings, Reallocating reallocating) : IOperation<MovePromise.Request, Quantity>
{
    public sealed record Request([Required, MaxLength(80)] string From, NodeCode To, [Required, MaxLength(200)] string Reason);

    public static readonly Error TooFew = new("stock.move-promise-short", "Too few are available there. Nothing was changed.");

    public async Task<Result<Quantity>> Run(Request request, CancellationToken ct)
    {
        if (LineKey.Of(request.From) is not { } from) return Reallocating.NotPromised;
        if (!(await Network.Of(settings, ct)).Sites.ContainsKey(request.To)) return Receiving.NoNode.With($"There is no site {request.To}. Choose one of the list.");
        var locked = await reallocating.Lock(from, null, [request.To], ct);
        if (!locked.Ok) return locked.Error!;
        var (shelf, all, held) = locked.Value;
        var promises = all.Where(p => p.Node != request.To).ToArray();
        if (promises.Length == 0) return Reallocating.NotPromised.With($"It is promised from {request.To} already.");
        var wanted = promises.Sum(p => p.Open);
        var one = promises[0];
        var demand = new Demand(one.Kind, one.Document, [], [request.To], one.Rank, one.PromisedBy) { ExpiresAt = one.ExpiresAt, Channel = one.Channel is { } code ? Code.Parse<ChannelCode>(code) : default(ChannelCode?) };
        var lost = reallocating.Move(shelf, held, promises, wanted, demand, one.Line, request.To, StepKind.Moved, $"promised from {request.To}: {request.Reason}", out var kept);
        if (lost.Sum(l => l.Lost) < wanted) return TooFew.With($"{wanted} × {one.Sku} are wanted at {request.To}; {shelf.At(one.Position with { Node = request.To }).Available + lost.Sum(l => l.Lost)} are available{(kept is null ? "" : ", and " + kept)}. Nothing was changed.");
        shelf.Write();
        db.Raise(new PromiseGained(one.Document, one.Kind));
        foreach (var node in promises.Select(p => p.Node).Distinct()) db.Raise(new StockArrived(node, [one.Sku]));
        return wanted;
    }
}
