namespace Keel.Sales.Contract;

/// Where a site that works for us says that it cannot send what an order was promised from it.
public sealed class RefusalDesk
{
    private readonly KeelDb db;
    private readonly Refusing refusing;

    internal RefusalDesk(KeelDb db, Refusing refusing) => (this.db, this.refusing) = (db, refusing);

    /// Lines of an order that is locked are promised from that site no more and go elsewhere, or wait; the site is not asked for them again. Whoever asks ends its own work on
    /// these lines in the same transaction. Nothing happens where nothing of them is promised from there any more; refused where the order is over.
    public async Task<Result<Done>> Refuse(Guid order, NodeCode node, string reason, IReadOnlyCollection<int> lines, CancellationToken ct = default)
    {
        var after = await refusing.Refuse(new Id<Order>(order), node, reason, lines, endsWork: true, ct);
        return after.Ok || after.Error!.Code == RefuseLines.NotThere.Code ? Done.It : after.Error!;
    }

    /// What has not left of an order is cancelled as soon as this operation is through; where it cannot be any more, a case says so.
    public void CancelNext(DocumentRef order, string reason) => db.Raise(new OrderToCancel(new Id<Order>(order.Id), order.Number, reason));
}
