using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Goods of a transfer leave the sender: all that is promised to it, or what the lines say. They are on their way from now on, nobody's to sell.
[Operation("stock.ship-transfer", StockPermissions.Transfer, Said = "sent {transfers|a transfer} off", Icon = "truck")]
internal sealed class ShipTransfer(KeelDb db, Settings settings, TransferSteps steps, TransferPackages packages, Policies policies) : IOperation<ShipTransfer.Request, DocumentRef>
{
    /// Without lines everything leaves that is promised now, or, where packages are named by the numbers on their labels, what lies in them. With both, what lies
    /// in the packages is part of what the lines say. What is left over leaves later, or is given up with `Rest`.
    public sealed record Request(
        Id<Transfer> Transfer, [MaxLength(500)] IReadOnlyList<Part>? Lines = null, DateOnly? ExpectedOn = null, TransferRest Rest = TransferRest.Waits, [MaxLength(200)] IReadOnlyList<string>? Packages = null);

    public sealed record Part(int Line, [Positive] Quantity Quantity);

    public static readonly Error Nothing = new("stock.transfer-nothing", "Nothing is promised to this transfer at its sender. Wait for goods, or cancel it.");
    public static readonly Error TooMany = new("stock.transfer-too-many", "More would leave than is promised.");
    public static readonly Error InPast = Error.Invalid("stock.transfer-expected", "It cannot be expected before today.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var found = await steps.Lock(request.Transfer, TransferStatus.InTransit, ct);
        if (!found.Ok) return found.Error!;
        var (transfer, lines) = found.Value;
        var day = network.DayAt(transfer.FromNode, db.Now);
        var removal = (await policies.Of<RemovalRules>(ct)).Choice;
        if (request.ExpectedOn < day) return InPast;

        var load = await packages.Begin(transfer, places, request.Packages ?? [], ct);
        if (!load.Ok) return load.Error!;
        Guid[] ids = [transfer.Id.Value];
        Later<List<Reservation>>? promised = null;
        Later<List<Allocation>>? set = null;
        Emptying? emptying = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, lines.Where(l => l.ToShip.IsPositive).Select(l => TransferSteps.KeyOf(l, transfer.FromNode)).Concat(load.Value.Positions),
            create: false, ct, () => { promised = db.OpenReservations(ids); set = db.OpenAllocations(ids); emptying = Emptying.Ask(db, removal, lines.Select(l => l.Sku)); });
        var (promises, allocations) = (promised!.Value.ToLookup(r => r.Line), set!.Value.ToLookup(a => a.Line));

        var leaving = request.Lines?.GroupBy(l => l.Line).ToDictionary(g => g.Key, g => g.Sum(l => l.Quantity)) ?? lines.ToDictionary(l => l.Line, l => Quantity.Min(l.ToShip, promises[l.Line].Sum(r => r.Open)));
        if (leaving.Keys.Any(l => lines.All(k => k.Line != l))) return TransferSteps.NoLine;
        var matched = TransferPackages.Match(shelf, load.Value, places, transfer, lines, l => leaving.GetValueOrDefault(l.Line), set.Value);
        if (!matched.Ok) return matched.Error!;
        var packed = matched.Value.GroupBy(p => p.Line.Line).ToDictionary(g => g.Key, g => g.Sum(p => p.Quantity));
        if (request.Lines is null && load.Value.Packages.Count > 0) leaving = packed;
        if (lines.FirstOrDefault(l => promises[l.Line].Sum(r => r.Open) < leaving.GetValueOrDefault(l.Line)) is { } much)
            return TooMany.With($"{promises[much.Line].Sum(r => r.Open)} of {much.Sku} are promised to {transfer.Number} at {transfer.FromNode}; {leaving[much.Line]} cannot leave.");
        var paper = new Paper(transfer.Ref, "transfer", db.Now, day) { Transfer = transfer.Number };
        if (TransferPackages.Leave(shelf, matched.Value, paper, promises, set.Value, emptying!) is { } odd) return odd;
        var after = new List<TransferLine>();
        foreach (var line in lines)
        {
            var quantity = leaving.GetValueOrDefault(line.Line) - packed.GetValueOrDefault(line.Line);
            if (quantity.IsPositive)
            {
                var key = TransferSteps.KeyOf(line, transfer.FromNode);
                var free = allocations[line.Line].Sum(shelf.OpenOf) + emptying!.Free(shelf, key, line.Lot, Issuing.Mine(shelf, line.Lot, promises[line.Line], allocations[line.Line]));
                if (free < quantity) return line.Lot.Length == 0 ? Issued.NotPickable : Issued.LotNotThere.With($"Lot {line.Lot} of {line.Sku} was asked for, and {transfer.FromNode} has not as many of it to be picked. Put it away, or promise another one.");
                Issuing.TakeOut(shelf, key, new IssueLine(line.Line, line.Sku, quantity) { Lot = line.LotCode }, paper, Place.Transit, "left on " + transfer.Number, promises[line.Line], allocations[line.Line], emptying);
            }

            var gone = line with { Shipped = line.Shipped + leaving.GetValueOrDefault(line.Line) };
            after.Add(request.Rest is TransferRest.GivenUp ? gone with { Quantity = gone.Shipped } : gone);
        }

        if (leaving.Values.All(q => !q.IsPositive)) return Nothing;
        if (request.Rest is TransferRest.GivenUp)
        {
            WaitingList.End(db, ids);
            foreach (var promise in promised.Value.Where(r => shelf.OpenOf(r).IsPositive)) shelf.Reduce(promise, shelf.OpenOf(promise), StepKind.Released, "the rest was given up");
            foreach (var allocation in set.Value.Where(a => shelf.OpenOf(a).IsPositive)) shelf.Reduce(allocation, shelf.OpenOf(allocation));
        }

        shelf.Write();
        packages.Sent(transfer, load.Value.Packages);
        steps.Write(after);
        steps.Write(transfer.To(TransferStatus.InTransit, db.Now) with { ExpectedOn = request.ExpectedOn ?? transfer.ExpectedOn });
        return transfer.Ref;
    }
}

/// What becomes of goods that were asked for and do not leave now.
public enum TransferRest
{
    /// They leave later; what is short waits for goods.
    Waits,

    /// They are not sent any more.
    GivenUp,
}
