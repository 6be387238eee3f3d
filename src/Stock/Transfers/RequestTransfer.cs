using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Asks for goods to go from one site to another. Where nobody must approve it, they are promised to it in the same step; what is short waits for goods.
[Operation("stock.request-transfer", StockPermissions.Transfer, Said = "asked for {transfers|a transfer}", Icon = "truck")]
internal sealed class RequestTransfer(KeelDb db, Settings settings, Policies policies, ProductGuard products, TransferSteps steps) : IOperation<RequestTransfer.Request, DocumentRef>
{
    public sealed record Request(
        NodeCode From, NodeCode To, [Required, MinLength(1), MaxLength(500)] IReadOnlyList<Line> Lines, DateOnly? WantedBy = null, [MaxLength(200)] string Reason = "replenishment");

    /// With a lot, or a serial number, no other units go. With an owner their goods go and stay theirs; without one, our own.
    public sealed record Line(Sku Sku, [Positive] Quantity Quantity, [MaxLength(12)] string? Unit = null, LotCode? Lot = null, [MaxLength(40)] string? Owner = null);

    public static readonly Error SameSite = Error.Invalid("stock.transfer-same-site", "Goods travel between two different sites. Within one site, move them.");
    public static readonly Error Twice = Error.Invalid("stock.transfer-twice", "The same SKU stands on two lines. Put it on one.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (network, owners) = (await Network.Of(settings, ct), await Owners.Of(settings, ct));
        if (!network.Sites.ContainsKey(request.From)) return Receiving.NoNode.With($"There is no site {request.From}. Choose one of the list.");
        if (!network.Sites.ContainsKey(request.To)) return Receiving.NoNode.With($"There is no site {request.To}. Choose one of the list.");
        if (request.From == request.To) return SameSite;
        if (!db.Work.Actor.Reach.Covers(request.From)) db.Work.Actor.MustBeAt(request.To);
        if (owners.Wrong(request.Lines.Select(l => l.Owner)) is { } nobody) return nobody;
        if (request.Lines.GroupBy(l => (l.Sku, l.Lot, owners.Resolve(l.Owner).Value)).FirstOrDefault(g => g.Count() > 1) is { } twice) return Twice.With($"{twice.Key.Sku} stands on two lines. Put it on one.");
        var counted = await products.InStockUnits(request.Lines, l => (l.Sku, l.Quantity, l.Unit), (l, q) => l with { Quantity = q, Unit = null }, ct, "lines");
        if (!counted.Ok) return counted.Error!;
        request = request with { Lines = counted.Value };
        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } wrong) return wrong;
        if (await UnknownLot(request.Lines, ct) is { } unknown) return unknown;

        var number = await db.Numbers.Take(db.Company, "TF", db.Now.Year, ct);
        var transfer = new Transfer(
            db.NewId<Transfer>(), db.Company, number, request.From, request.To, TransferStatus.Requested, request.Reason, request.WantedBy, null, request.Lines.Count,
            request.Lines.Sum(l => l.Quantity), db.Work.Actor.Id, db.Now, null, null, null, null, 1, db.Work.Operation);
        TransferLine[] lines = [.. request.Lines.Select((l, i) => new TransferLine(transfer.Id, i + 1, db.Company, l.Sku, l.Quantity, 0, 0, 0) { Lot = l.Lot?.Text ?? "", Owner = owners.Resolve(l.Owner).Value })];
        db.Work.Concerns(number);
        var waits = (await policies.Of<TransferRules>(ct)).Choice.NeedsApproval;
        if (!waits) transfer = transfer.To(TransferStatus.Approved, db.Now);
        db.Table<Transfer>().Insert(transfer);
        db.Table<TransferLine>().Insert(lines);
        if (!waits) await steps.Promise(transfer, lines, again: false, ct);
        return transfer.Ref;
    }

    private async Task<Error?> UnknownLot(IReadOnlyList<Line> lines, CancellationToken ct)
    {
        var named = lines.Where(l => l.Lot is not null).ToArray();
        if (named.Length == 0) return null;
        var known = (await db.Query<Known>($"select sku, code from stock.lot where company_id = {db.Company} and sku = any({named.Select(l => l.Sku).Distinct().ToArray()}) and code = any({named.Select(l => l.Lot!.Value.Text).Distinct().ToArray()})", ct)).ToHashSet();
        return Array.Find(named, l => !known.Contains(new Known(l.Sku, l.Lot!.Value.Text))) is { } odd ? Lot.Unknown.With($"Nobody knows a lot {odd.Lot} of {odd.Sku}. Name one that is there, or leave it out.") : null;
    }

    private sealed record Known(Sku Sku, string Code);
}

/// Says yes to a transfer that somebody else asked for: its goods are promised to it.
[Operation("stock.approve-transfer", StockPermissions.ApproveTransfers, Said = "approved {transfers|a transfer}", Icon = "check")]
internal sealed class ApproveTransfer(KeelDb db, TransferSteps steps) : IOperation<ApproveTransfer.Request, DocumentRef>
{
    public sealed record Request(Id<Transfer> Transfer);

    public static readonly Error Own = new("stock.transfer-own", "You asked for this transfer yourself. Somebody else must say yes to it.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var found = await steps.Lock(request.Transfer, TransferStatus.Approved, ct);
        if (!found.Ok) return found.Error!;
        var (transfer, lines) = found.Value;
        if (transfer.RequestedBy == db.Work.Actor.Id) return Own;
        steps.Write(transfer.To(TransferStatus.Approved, db.Now));
        await steps.Promise(transfer, lines, again: false, ct);
        return transfer.Ref;
    }
}

/// Gives up a transfer of which nothing left yet; what was promised to it is free again.
[Operation("stock.cancel-transfer", StockPermissions.Transfer, Said = "cancelled {transfers|a transfer}", Icon = "x")]
internal sealed class CancelTransfer(KeelDb db, Settings settings, TransferSteps steps) : IOperation<CancelTransfer.Request, DocumentRef>
{
    public sealed record Request(Id<Transfer> Transfer, [Required, MaxLength(200)] string Reason);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var found = await steps.Lock(request.Transfer, TransferStatus.Cancelled, ct);
        if (!found.Ok) return found.Error!;
        var (transfer, _) = found.Value;
        steps.Write(transfer.To(TransferStatus.Cancelled, db.Now));
        await new Promising(db, settings).Release([transfer.Ref], "cancelled: " + request.Reason, ct);
        return transfer.Ref;
    }
}
