using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Goods of a transfer leave the sender: all that is promised to it, or what the lines say. They are on their way from now on, nobody's to sell.
[Operation("stock.ship-transfer", StockPermissions.Transfer, Said = "sent {transfers|a transfer} off", Icon = "truck")]
internal sealed class ShipTransfer(KeelDb db, Settings settings, TransferSteps steps, Policies policies) : IOperation<ShipTransfer.Request, DocumentRef>
{
    /// Without lines everything leaves that is promised now. What is left over leaves later, or is given up with `Rest`.
    public sealed record Request(Id<Transfer> Transfer, [MaxLength(500)] IReadOnlyList<Part>? Lines = null, DateOnly? ExpectedOn = null, TransferRest Rest = TransferRest.Waits);

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

        Guid[] ids = [transfer.Id.Value];
        Later<List<Reservation>>? promised = null;
        Later<List<Allocation>>? set = null;
        Emptying? emptying = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, lines.Where(l => l.ToShip.IsPositive).Select(l => new PositionKey(db.Company, l.Sku, transfer.FromNode, PositionKey.Own)),
            create: false, ct, () => { promised = db.OpenReservations(ids); set = db.OpenAllocations(ids); emptying = Emptying.Ask(db, removal, lines.Select(l => l.Sku)); });
        var (promises, allocations) = (promised!.Value.ToLookup(r => r.Line), set!.Value.ToLookup(a => a.Line));

        var leaving = request.Lines?.ToDictionary(l => l.Line, l => l.Quantity) ?? lines.ToDictionary(l => l.Line, l => Quantity.Min(l.ToShip, promises[l.Line].Sum(r => r.Open)));
        if (leaving.Keys.Any(l => lines.All(k => k.Line != l))) return TransferSteps.NoLine;
        var paper = new Paper(transfer.Ref, "transfer", db.Now, day) { Transfer = transfer.Number };
        var after = new List<TransferLine>();
        foreach (var line in lines)
        {
            var quantity = leaving.GetValueOrDefault(line.Line);
            if (quantity.IsPositive)
            {
                var key = new PositionKey(db.Company, line.Sku, transfer.FromNode, PositionKey.Own);
                var held = promises[line.Line].Sum(shelf.OpenOf);
                if (held < quantity) return TooMany.With($"{held} of {line.Sku} are promised to {transfer.Number} at {transfer.FromNode}; {quantity} cannot leave.");
                var free = allocations[line.Line].Sum(shelf.OpenOf) + emptying!.Free(shelf, key, line.Lot, Issuing.Mine(shelf, line.Lot, promises[line.Line], allocations[line.Line]));
                if (free < quantity) return line.Lot.Length == 0 ? Issued.NotPickable : Issued.LotNotThere.With($"Lot {line.Lot} of {line.Sku} was asked for, and {transfer.FromNode} has not as many of it to be picked. Put it away, or promise another one.");
                Issuing.TakeOut(shelf, key, new IssueLine(line.Line, line.Sku, quantity) { Lot = line.LotCode }, paper, Place.Transit, "left on " + transfer.Number, promises[line.Line], allocations[line.Line], emptying);
            }

            var gone = line with { Shipped = line.Shipped + quantity };
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
