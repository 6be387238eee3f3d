using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// A subscription rests: no order comes of it until it is resumed.
[Operation("sales.pause-subscription", SalesPermissions.Capture, Said = "paused {subscription|a subscription}", Icon = "clock")]
internal sealed class PauseSubscription(KeelDb db) : IOperation<PauseSubscription.Request, Done>
{
    public sealed record Request(Id<Subscription> Subscription, [Required, MinLength(3), MaxLength(200)] string Reason);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.LockSubscriptions($"id = {request.Subscription}", ct) is not [var one]) return SaveSubscription.None;
        if (one.IsOver) return SaveSubscription.Over;
        db.Work.Concerns(one.Number);
        db.Follow([one with { Status = SubscriptionStatus.Paused, Why = request.Reason.Trim(), Version = one.Version + 1 }]);
        return Done.It;
    }
}

/// It goes on: with the day that was due where that has not passed, else with the next day of its rhythm.
[Operation("sales.resume-subscription", SalesPermissions.Capture, Said = "resumed {subscription|a subscription}", Icon = "check")]
internal sealed class ResumeSubscription(KeelDb db, Settings settings, CaseDesk cases) : IOperation<ResumeSubscription.Request, Done>
{
    public sealed record Request(Id<Subscription> Subscription);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        if (await db.LockSubscriptions($"id = {request.Subscription}", ct) is not [var one]) return SaveSubscription.None;
        if (one.IsOver) return SaveSubscription.Over;
        db.Work.Concerns(one.Number);
        if (one.Status is SubscriptionStatus.Active) return Done.It;
        // What was refused is tried again on its day; what passed while it rested is not made up for.
        var next = one.NextOn >= today || one.Status is SubscriptionStatus.Stopped ? one.NextOn : one.After(one.NextOn, today.AddDays(-1));
        db.Follow([one with { Status = SubscriptionStatus.Active, NextOn = next, Why = null, Version = one.Version + 1 }]);
        cases.Close(RunSubscriptions.Refused, [one.Id.Value], "resumed");
        return Done.It;
    }
}

/// Leaves out the next order: the customer is away.
[Operation("sales.skip-subscription", SalesPermissions.Capture, Said = "left out the next order of {subscription|a subscription}", Icon = "minus")]
internal sealed class SkipSubscription(KeelDb db, Settings settings, CaseDesk cases) : IOperation<SkipSubscription.Request, Done>
{
    public sealed record Request(Id<Subscription> Subscription, [Required, MinLength(3), MaxLength(200)] string Reason);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        if (await db.LockSubscriptions($"id = {request.Subscription}", ct) is not [var one]) return SaveSubscription.None;
        if (one.IsOver) return SaveSubscription.Over;
        db.Work.Concerns(one.Number);
        var tries = await db.First<int>($"select count(*)::int from sales.subscription_run where subscription_id = {one.Id} and due_on = {one.NextOn}", ct);
        db.Table<SubscriptionRun>().Insert([new SubscriptionRun(one.Id, one.NextOn, tries + 1, db.Company, RunOutcome.Skipped, null, null, request.Reason.Trim(), db.Now, db.Work.Actor.Name, db.Work.Operation)]);
        var after = one.GoesOn(today);
        db.Follow([after.Status is SubscriptionStatus.Stopped ? after with { Status = SubscriptionStatus.Active, Why = null } : after]);
        cases.Close(RunSubscriptions.Refused, [one.Id.Value], "left out");
        return Done.It;
    }
}

/// Ends a subscription: no order comes of it any more.
[Operation("sales.end-subscription", SalesPermissions.Capture, Said = "ended {subscription|a subscription}", Icon = "x")]
internal sealed class EndSubscription(KeelDb db, CaseDesk cases) : IOperation<EndSubscription.Request, Done>
{
    public sealed record Request(Id<Subscription> Subscription, [Required, MinLength(3), MaxLength(200)] string Reason);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.LockSubscriptions($"id = {request.Subscription}", ct) is not [var one]) return SaveSubscription.None;
        db.Work.Concerns(one.Number);
        if (one.IsOver) return Done.It;
        db.Follow([one with { Status = SubscriptionStatus.Ended, Why = request.Reason.Trim(), Version = one.Version + 1 }]);
        cases.Close(RunSubscriptions.Refused, [one.Id.Value], "ended");
        return Done.It;
    }
}
