using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// A channel's word that an order follows, after the commit of what was heard.
internal sealed record ChannelSaid(Id<Order> Order, WordMeans Means) : IDelivered
{
    public string Subject => "order " + Order;
}

/// A word was given a meaning: orders that were stopped because of it follow it.
internal sealed record WordLearnt(ChannelCode Channel, string Word) : IDelivered
{
    public string Subject => $"{Channel} {Word}";
}

/// What is to be done with an order after its channel's word was looked at.
internal enum WordAsks
{
    Nothing,
    Confirm,
    Cancel,
}

/// Has a stopped order follow what its channel says: to another queue, or on.
[Operation("sales.follow-channel-word", KernelPermissions.Jobs, Said = "followed what a channel said of {order|an order}", Icon = "channels")]
internal sealed class FollowChannelWord(KeelDb db, CaseDesk cases) : IOperation<FollowChannelWord.Request, WordAsks>
{
    public sealed record Request(Id<Order> Order, WordMeans Means);

    public async Task<Result<WordAsks>> Run(Request request, CancellationToken ct)
    {
        var (rows, _) = db.LockOrders([request.Order]);
        var doubts = db.Ask<FoundDoubtful>($"select {new SqlText.Verbatim(RowMap<FoundDoubtful>.Instance.Names)} from sales.order_check where company_id = {db.Company} and order_id = {request.Order} and effect = 'Hold' order by name");
        var risks = db.Ask<Guid>($"{RiskOutcome.Standing(db, [request.Order])}");
        await db.Flush(ct);
        if (rows.Value is not [{ Status: OrderStatus.OnHold } order] || request.Means is WordMeans.Nothing) return WordAsks.Nothing;
        db.Work.Concerns(order.Number);
        if (order.Hold is not (Holds.UnknownStatus or Holds.Pending or Holds.ShippedElsewhere))
        {
            // Something else stops it besides: that stays.
            if (request.Means is WordMeans.Take) cases.Close([.. Holds.OfWords.Select(Holds.CaseOf)], [order.Id.Value], "its channel said more");
            return WordAsks.Nothing;
        }

        if (request.Means is WordMeans.Cancelled) return WordAsks.Cancel;
        var next = risks.Value.Count > 0 ? Holds.Fraud : doubts.Value.FirstOrDefault()?.Name;
        if (request.Means is WordMeans.Take && next is null) return WordAsks.Confirm;
        // What was doubtful beside is looked at next, in its own queue.
        var hold = request.Means switch { WordMeans.Take => next!, WordMeans.Shipped => Holds.ShippedElsewhere, _ => Holds.Pending };
        if (hold == order.Hold) return WordAsks.Nothing;
        cases.Close(Holds.CaseOf(order.Hold!), [order.Id.Value], "its channel said more");
        if (request.Means is not WordMeans.Take) cases.Open(Holds.CaseOf(hold), order.Ref, Holds.Sentence(order.Number, hold));
        if (request.Means is WordMeans.CancelAsked) cases.Open(HearChannel.CancelAsked, order.Ref, $"The customer asks for the cancellation of {order.Number}, its channel says.");
        db.Orders.Update([order with { Hold = hold, HeldAt = db.Now, HeldIn = db.Work.Operation, Version = order.Version + 1 }], nameof(Order.Hold), nameof(Order.HeldAt), nameof(Order.HeldIn), nameof(Order.Version));
        return WordAsks.Nothing;
    }
}

/// Says that what was to be cancelled had left already.
[Operation("sales.tell-cancelled-late", KernelPermissions.Jobs, Said = "told that {order|an order} was cancelled too late", Icon = "alert")]
internal sealed class TellCancelledLate(KeelDb db, CaseDesk cases) : IOperation<TellCancelledLate.Request, Done>
{
    public sealed record Request(Id<Order> Order, [Required, MaxLength(500)] string Why);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (rows, _) = db.LockOrders([request.Order]);
        await db.Flush(ct);
        if (rows.Value is not [var order] || order.Status is OrderStatus.Cancelled) return Done.It;
        db.Work.Concerns(order.Number);
        cases.Open(HearChannel.CancelledTooLate, order.Ref, $"{order.Number} was to be cancelled, and could not be stopped any more. {request.Why}");
        return Done.It;
    }
}

/// Has orders follow their channels, between the steps that others make.
internal sealed class FollowChannel(KeelDb db, Gate gate) : IDeliver<ChannelSaid>, IDeliver<WordLearnt>
{
    public Task Deliver(ChannelSaid happened, CancellationToken ct) => Follow(happened.Order, happened.Means, happened.Means is WordMeans.Cancelled, ct);

    public async Task Deliver(WordLearnt happened, CancellationToken ct)
    {
        if (await db.Table<ChannelWord>().Find($"company_id = {db.Company} and channel = {happened.Channel} and word = {happened.Word}", ct) is not { } word) return;
        var waiting = await db.Query<Id<Order>>(
            $"select id from sales.orders where company_id = {db.Company} and status = 'OnHold' and channel = {happened.Channel} and lower(btrim(channel_status)) = {happened.Word} order by rank, placed_at, id", ct);
        foreach (var order in waiting) await Follow(order, word.Means, false, ct);
    }

    private async Task Follow(Id<Order> order, WordMeans means, bool isCancelled, CancellationToken ct)
    {
        var asks = isCancelled ? WordAsks.Cancel : NotDelivered.Unless(await gate.Run<FollowChannelWord, FollowChannelWord.Request, WordAsks>(new(order, means), Caller(), ct));
        if (asks is WordAsks.Confirm) NotDelivered.Unless(await gate.Run<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order]), Caller(), ct));
        if (asks is not WordAsks.Cancel) return;
        var answer = NotDelivered.Unless(await gate.Run<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new([order], "its channel cancelled it"), Caller(), ct))!;
        if (answer[0] is { Cancelled: false, Why: { } why } || (answer[0].Why is { } part && (why = part) is not null)) await gate.Run<TellCancelledLate, TellCancelledLate.Request, Done>(new(order, why), Caller(), ct);
    }

    private Caller Caller() => new(Actor.Keel, Door.Job, db.Company) { At = db.Now, Cause = db.Work.Cause };
}
