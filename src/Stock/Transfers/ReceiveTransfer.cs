using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Goods of a transfer arrive: all that is on its way, or what was counted. What is missing when it is said to be all becomes a difference with an owner;
/// what came too many is found stock. Nothing that stands on the floor is refused.
[Operation("stock.receive-transfer", StockPermissions.Transfer, Said = "received {transfers|a transfer}", Icon = "stock")]
internal sealed class ReceiveTransfer(KeelDb db, Settings settings, CaseDesk cases, TransferSteps steps, Lots lots) : IOperation<ReceiveTransfer.Request, DocumentRef>
{
    /// Without lines everything came that is on its way. `More` says that the rest comes later.
    public sealed record Request(Id<Transfer> Transfer, [MaxLength(500)] IReadOnlyList<Part>? Lines = null, bool More = false, LocationCode? Location = null);

    public sealed record Part(int Line, [NotNegative] Quantity Quantity);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var found = await steps.Lock(request.Transfer, TransferStatus.Received, ct);
        if (!found.Ok) return found.Error!;
        var (transfer, lines) = found.Value;
        var to = request.Location ?? Place.In(transfer.ToNode, "STOCK");
        if (!places.ByCode.TryGetValue(to, out var place) || place.Node != transfer.ToNode) return Receiving.NoPlace.With($"There is no place {to} at {transfer.ToNode}. Leave it out, or choose one of the list.");
        if (places.ClosedAt(to) is { } closed) return closed;
        var came = request.Lines?.ToDictionary(l => l.Line, l => l.Quantity) ?? lines.ToDictionary(l => l.Line, l => l.OnItsWay);
        if (came.Keys.Any(l => lines.All(k => k.Line != l))) return TransferSteps.NoLine;

        if (lines.All(l => l.OnItsWay.IsZero) && came.Values.All(q => !q.IsPositive)) return SettleTransfer.Nothing;
        var over = lines.Select(l => (Line: l, Quantity: came.GetValueOrDefault(l.Line) - l.OnItsWay)).Where(o => o.Quantity.IsPositive).ToArray();
        var tracked = await lots.Tracked(lines.Select(l => l.Sku), ct);
        var travelling = tracked.Count == 0 ? null : await lots.OnTheWay(transfer.Id.Value, ct);
        if (over.FirstOrDefault(o => tracked.ContainsKey(o.Line.Sku)) is { Line: { } more }) return Lots.Needed.With($"More of {more.Sku} came than left, and its units are told apart. Receive what left, then count the others in with their numbers.");
        var number = over.Length == 0 ? null : await steps.Number(ct);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, lines.Select(l => new PositionKey(db.Company, l.Sku, transfer.ToNode, PositionKey.Own)), create: true, ct);
        var paper = new Paper(transfer.Ref, "transfer", db.Now, network.DayAt(transfer.ToNode, db.Now)) { Transfer = transfer.Number };
        var after = new List<TransferLine>();
        foreach (var line in lines)
        {
            var own = Quantity.Min(came.GetValueOrDefault(line.Line), line.OnItsWay);
            foreach (var unit in TransferSteps.Units(line, own, travelling)) shelf.Move(unit.Of(line.Sku), Place.Transit, to, paper, line.Line);
            after.Add(line with { Received = line.Received + own });
        }

        if (number is not null) steps.Adjust(shelf, transfer, transfer.ToNode, paper.Day, "found", number, [.. over.Select(o => (o.Line, o.Quantity))], Place.Loss, to);
        shelf.Write();
        steps.Write(after);
        var isOver = after.All(l => l.OnItsWay.IsZero && l.ToShip.IsZero);
        if (isOver) steps.Write(transfer.To(TransferStatus.Received, db.Now));
        if (place.Rule.Promisable) db.Raise(new StockArrived(transfer.ToNode, [.. lines.Where(l => came.GetValueOrDefault(l.Line).IsPositive).Select(l => l.Sku)]));

        var missing = after.Where(l => l.OnItsWay.IsPositive).ToArray();
        string[] told =
        [
            .. request.More ? [] : missing.Select(l => $"{l.OnItsWay} × {l.Sku} did not arrive"),
            .. over.Select(o => $"{o.Quantity} × {o.Line.Sku} came too many and are booked as found"),
        ];
        if (missing.Length == 0) cases.Close(StockCases.TransferDifference, [transfer.Id.Value], "all arrived");
        if (told.Length > 0) cases.Open([(StockCases.TransferDifference, transfer.Ref, $"{transfer.Number} from {transfer.FromNode} to {transfer.ToNode}: {string.Join(", ", told)}.")]);
        return transfer.Ref;
    }
}

/// Says what became of goods that left and never arrived: they are lost, or were found at the sender again. The books follow.
[Operation("stock.settle-transfer", StockPermissions.Adjust, Said = "settled what {transfers|a transfer} misses", Icon = "check")]
internal sealed class SettleTransfer(KeelDb db, Settings settings, CaseDesk cases, TransferSteps steps, Lots lots) : IOperation<SettleTransfer.Request, DocumentRef>
{
    /// Without lines, all that is still on its way.
    public sealed record Request(Id<Transfer> Transfer, TransferOutcome Outcome, [MaxLength(500)] IReadOnlyList<ReceiveTransfer.Part>? Lines = null);

    public static readonly Error TooMany = new("stock.transfer-settled", "Fewer are on their way than that. Load the page again.");
    public static readonly Error Nothing = new("stock.transfer-complete", "Nothing of this transfer is on its way.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var found = await steps.Lock(request.Transfer, TransferStatus.Received, ct);
        if (!found.Ok) return found.Error!;
        var (transfer, lines) = found.Value;
        var gone = request.Lines?.ToDictionary(l => l.Line, l => l.Quantity) ?? lines.ToDictionary(l => l.Line, l => l.OnItsWay);
        if (gone.Keys.Any(l => lines.All(k => k.Line != l))) return TransferSteps.NoLine;
        if (lines.Any(l => gone.GetValueOrDefault(l.Line) > l.OnItsWay)) return TooMany;
        if (gone.Values.All(q => !q.IsPositive)) return Nothing;

        var travelling = (await lots.Tracked(lines.Select(l => l.Sku), ct)).Count == 0 ? null : await lots.OnTheWay(transfer.Id.Value, ct);
        var isLost = request.Outcome is TransferOutcome.Lost;
        var number = isLost ? await steps.Number(ct) : null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, lines.Where(l => gone.GetValueOrDefault(l.Line).IsPositive).Select(l => new PositionKey(db.Company, l.Sku, transfer.FromNode, PositionKey.Own)), create: true, ct);
        var day = network.DayAt(transfer.FromNode, db.Now);
        var settled = lines.Where(l => gone.GetValueOrDefault(l.Line).IsPositive).Select(l => (Line: l, Quantity: gone[l.Line])).ToArray();
        if (number is not null) steps.Adjust(shelf, transfer, transfer.FromNode, day, "lost", number, settled, Place.Transit, Place.Loss, travelling);
        else
        {
            var paper = new Paper(transfer.Ref, "back at the sender", db.Now, day) { Transfer = transfer.Number };
            foreach (var (line, quantity) in settled)
            {
                foreach (var unit in TransferSteps.Units(line, quantity, travelling)) shelf.Move(unit.Of(line.Sku), Place.Transit, Place.In(transfer.FromNode, "STOCK"), paper, line.Line);
            }

            db.Raise(new StockArrived(transfer.FromNode, [.. settled.Select(s => s.Line.Sku)]));
        }

        shelf.Write();
        var after = lines.Select(l => l with { Missing = l.Missing + gone.GetValueOrDefault(l.Line) }).ToArray();
        steps.Write(after);
        if (after.All(l => l.OnItsWay.IsZero)) cases.Close(StockCases.TransferDifference, [transfer.Id.Value], isLost ? "written off" : "back at the sender");
        if (after.All(l => l.OnItsWay.IsZero && l.ToShip.IsZero)) steps.Write(transfer.To(TransferStatus.Received, db.Now));
        return transfer.Ref;
    }
}

/// What became of goods of a transfer that never arrived.
public enum TransferOutcome
{
    /// They are gone: written off.
    Lost,

    /// They never left, or came back: they stand at the sender again.
    BackAtSender,
}
