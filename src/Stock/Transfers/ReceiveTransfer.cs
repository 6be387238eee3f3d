using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Goods of a transfer arrive: all that is on its way, or what was counted. What is missing when it is said to be all becomes a difference with an owner;
/// what came too many is found stock, of the lots that are named. Nothing that stands on the floor is refused.
[Operation("stock.receive-transfer", StockPermissions.Transfer, Said = "received {transfers|a transfer}", Icon = "stock")]
internal sealed class ReceiveTransfer(KeelDb db, Settings settings, CaseDesk cases, TransferSteps steps, TransferPackages packages, Lots lots) : IOperation<ReceiveTransfer.Request, DocumentRef>
{
    /// Without lines everything came that is on its way, or, where packages are named by the numbers on their labels, what lies in them. With both, what lies in
    /// the packages is part of what was counted. `More` says that the rest comes later.
    public sealed record Request(
        Id<Transfer> Transfer, [MaxLength(500)] IReadOnlyList<Part>? Lines = null, bool More = false, LocationCode? Location = null, [MaxLength(200)] IReadOnlyList<string>? Packages = null);

    /// `Lots` names the lot or the serial numbers of goods that are told apart: each lot is a part of its own. Of a lot that nobody knew, say when it expires.
    public sealed record Part(int Line, [NotNegative] Quantity Quantity, [MaxLength(40_000), Display(Name = "Lot or serials")] string? Lots = null, DateOnly? ExpiresOn = null, DateOnly? MadeOn = null);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var found = await steps.Lock(request.Transfer, TransferStatus.Received, ct);
        if (!found.Ok) return found.Error!;
        var (transfer, lines) = found.Value;
        var to = request.Location ?? Place.In(transfer.ToNode, "STOCK");
        if (!places.ByCode.TryGetValue(to, out var place) || place.Node != transfer.ToNode) return Receiving.NoPlace.With($"There is no place {to} at {transfer.ToNode}. Leave it out, or choose one of the list.");
        if (places.ClosedAt(to) is { } closed) return closed;
        var said = await steps.Read(request.Lines, lines, lots, network.DayAt(transfer.ToNode, db.Now), ct);
        if (!said.Ok) return said.Error!;
        var travelling = await Travelling.Of(db, transfer, ct);
        var taken = travelling.Take(lines, said.Value.Parts, request.Packages);
        if (!taken.Ok) return taken.Error!;
        var share = taken.Value;
        if (lines.All(l => l.OnItsWay.IsZero) && share.Over.Count == 0) return SettleTransfer.Nothing;
        if (await Untold(share.Over, ct) is { } untold) return untold;

        foreach (var package in share.Packages) db.Work.Concerns(package.Code);
        var number = share.Over.Count == 0 ? null : await steps.Number(ct);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, lines.Select(l => TransferSteps.KeyOf(l, transfer.ToNode)), create: true, ct);
        var paper = new Paper(transfer.Ref, "transfer", db.Now, network.DayAt(transfer.ToNode, db.Now)) { Transfer = transfer.Number };
        foreach (var piece in share.Pieces) shelf.Move(piece.Goods, Place.Transit, to, paper, piece.Line);
        if (number is not null) steps.Adjust(shelf, network.Company.Currency, transfer, transfer.ToNode, paper.Day, "found", number, share.Over, Place.Loss, to);
        shelf.Write();
        packages.Stand(transfer, share.Packages, place, TransferPackageState.Arrived);
        var after = lines.Select(l => l with { Received = l.Received + share.On(l.Line) }).ToArray();
        steps.Write(after);
        if (after.All(l => l.OnItsWay.IsZero && l.ToShip.IsZero)) steps.Write(transfer.To(TransferStatus.Received, db.Now));
        Sku[] came = [.. share.Pieces.Concat(share.Over).Select(p => p.Sku).Distinct()];
        if (place.Rule.Promisable && came.Length > 0) db.Raise(new StockArrived(transfer.ToNode, came));
        Tell(transfer, request.More ? [] : [.. travelling.Without(share)], share.Over, after.All(l => l.OnItsWay.IsZero));
        return transfer.Ref;
    }

    /// What came too many of goods that are told apart must be told apart.
    private async Task<Error?> Untold(IReadOnlyList<Travelling.Piece> over, CancellationToken ct)
    {
        if (over.Count == 0) return null;
        var tracked = await lots.Tracked(over.Select(o => o.Sku).Distinct(), ct);
        return over.FirstOrDefault(o => o.Lot.Length == 0 && tracked.ContainsKey(o.Sku)) is { } more
            ? Lots.Needed.With($"{more.Quantity} more of {more.Sku} came than left, and its units are told apart. Say of which lots those are that came.") : null;
    }

    /// A difference has an owner until it is over.
    private void Tell(Transfer transfer, IReadOnlyList<(Sku Sku, string Lot, Quantity Quantity)> missing, IReadOnlyList<Travelling.Piece> over, bool isOver)
    {
        static string Of(Sku sku, string lot) => lot.Length > 0 ? $"{sku} of lot {lot}" : $"{sku}";
        string[] told =
        [
            .. missing.Select(m => $"{m.Quantity} × {Of(m.Sku, m.Lot)} did not arrive"),
            .. over.Select(o => $"{o.Quantity} × {Of(o.Sku, o.Lot)} came too many and are booked as found"),
        ];
        if (isOver) cases.Close(StockCases.TransferDifference, [transfer.Id.Value], "all arrived");
        if (told.Length > 0) cases.Open([(StockCases.TransferDifference, transfer.Ref, $"{transfer.Number} from {transfer.FromNode} to {transfer.ToNode}: {string.Join(", ", told)}.")]);
    }
}

/// Says what became of goods that left and never arrived: they are lost, or were found at the sender again. The books follow.
[Operation("stock.settle-transfer", StockPermissions.Adjust, Said = "settled what {transfers|a transfer} misses", Icon = "check")]
internal sealed class SettleTransfer(KeelDb db, Settings settings, CaseDesk cases, TransferSteps steps, TransferPackages packages, Lots lots) : IOperation<SettleTransfer.Request, DocumentRef>
{
    /// Without lines, all that is still on its way, or what lies in the packages that are named.
    public sealed record Request(Id<Transfer> Transfer, TransferOutcome Outcome, [MaxLength(500)] IReadOnlyList<ReceiveTransfer.Part>? Lines = null, [MaxLength(200)] IReadOnlyList<string>? Packages = null);

    public static readonly Error TooMany = new("stock.transfer-settled", "Fewer are on their way than that. Load the page again.");
    public static readonly Error Nothing = new("stock.transfer-complete", "Nothing of this transfer is on its way.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var found = await steps.Lock(request.Transfer, TransferStatus.Received, ct);
        if (!found.Ok) return found.Error!;
        var (transfer, lines) = found.Value;
        var day = network.DayAt(transfer.FromNode, db.Now);
        var said = await steps.Read(request.Lines, lines, lots, day, ct);
        if (!said.Ok) return said.Error!;
        var taken = (await Travelling.Of(db, transfer, ct)).Take(lines, said.Value.Parts, request.Packages);
        if (!taken.Ok) return taken.Error!;
        var share = taken.Value;
        if (share.Over.Count > 0) return TooMany;
        if (share.Pieces.Count == 0 && share.Packages.Count == 0) return Nothing;

        foreach (var package in share.Packages) db.Work.Concerns(package.Code);
        var isLost = request.Outcome is TransferOutcome.Lost;
        var number = isLost && share.Pieces.Count > 0 ? await steps.Number(ct) : null;
        var gone = lines.Where(l => share.On(l.Line).IsPositive).ToArray();
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, gone.Select(l => TransferSteps.KeyOf(l, transfer.FromNode)), create: true, ct);
        if (number is not null) steps.Adjust(shelf, network.Company.Currency, transfer, transfer.FromNode, day, "lost", number, share.Pieces, Place.Transit, Place.Loss);
        if (isLost) packages.Lose(transfer, share.Packages);
        else
        {
            var paper = new Paper(transfer.Ref, "back at the sender", db.Now, day) { Transfer = transfer.Number };
            var back = places.ByCode[Place.In(transfer.FromNode, "STOCK")];
            foreach (var piece in share.Pieces) shelf.Move(piece.Goods, Place.Transit, back.Code, paper, piece.Line);
            packages.Stand(transfer, share.Packages, back, TransferPackageState.Back);
            if (gone.Length > 0) db.Raise(new StockArrived(transfer.FromNode, [.. gone.Select(l => l.Sku).Distinct()]));
        }

        shelf.Write();
        var after = lines.Select(l => l with { Missing = l.Missing + share.On(l.Line) }).ToArray();
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
