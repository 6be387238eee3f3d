using Keel.Partners.Contract;
using Keel.Ui;

namespace Keel.Sales;

/// How a subscription stands.
internal enum SubscriptionStatus
{
    [Shown(StateRole.Working, "Active")]
    Active,

    /// It rests until somebody resumes it.
    [Shown(StateRole.Held, "Paused")]
    Paused,

    /// Its last order was refused: somebody looks.
    [Shown(StateRole.Late, "Stopped")]
    Stopped,

    [Shown(StateRole.Idle, "Ended")]
    Ended,
}

internal enum SubscriptionPeriod
{
    Weeks,
    Months,
}

internal enum RunOutcome
{
    [Shown(StateRole.Done, "Ordered")]
    Ordered,

    [Shown(StateRole.Idle, "Skipped")]
    Skipped,

    [Shown(StateRole.Late, "Refused")]
    Refused,
}

/// What a customer gets again and again. On each day that is due one order comes of it, as any order of its channel does.
[Rows("sales.subscription", "id")]
internal sealed record Subscription(
    Id<Subscription> Id, Id<Company> CompanyId, string Number, ChannelCode Channel, Guid CustomerId, [property: Json] PostalAddress? ShipTo, int Every, SubscriptionPeriod Period, int Anchor, DateOnly NextOn, DateOnly? EndsOn,
    SubscriptionStatus Status, string? Why, string? PurchaseOrder, int Orders, string Owner, DateTimeOffset CreatedAt, int Version, Guid Operation)
{
    public const string RecordKind = "subscription";

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<Subscription>.Instance.Names} from sales.subscription");

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id.Value, Number);

    [NotAColumn]
    public bool IsOver => Status is SubscriptionStatus.Ended;

    /// The first day of its rhythm that is later than both the day that was due and today: what was missed is not made up for.
    public DateOnly After(DateOnly due, DateOnly today)
    {
        var next = Step(due);
        while (next <= today) next = Step(next);
        return next;
    }

    private DateOnly Step(DateOnly day)
    {
        if (Period is SubscriptionPeriod.Weeks) return day.AddDays(7 * Every);
        var month = new DateOnly(day.Year, day.Month, 1).AddMonths(Every);
        return month.AddDays(Math.Min(Anchor, DateTime.DaysInMonth(month.Year, month.Month)) - 1);
    }

    /// As it goes on after a day, or ends.
    public Subscription GoesOn(DateOnly today)
    {
        var next = After(NextOn, today);
        return this with { NextOn = next, Status = EndsOn is { } end && next > end ? SubscriptionStatus.Ended : Status, Version = Version + 1 };
    }
}

[Rows("sales.subscription_line", "subscription_id", "line")]
internal sealed record SubscriptionLine(Id<Subscription> SubscriptionId, int Line, Id<Company> CompanyId, Sku Sku, Quantity Quantity, UnitPrice? Price, Currency Currency);

/// What became of a day. Never changed.
[Rows("sales.subscription_run", "subscription_id", "due_on", "attempt")]
internal sealed record SubscriptionRun(
    Id<Subscription> SubscriptionId, DateOnly DueOn, int Attempt, Id<Company> CompanyId, RunOutcome Outcome, Guid? OrderId, string? OrderNumber, string? Why, DateTimeOffset At, string By, Guid Operation);

/// Locks subscriptions and writes what may change of them.
internal static class SubscriptionTables
{
    extension(KeelDb db)
    {
        public async Task<List<Subscription>> LockSubscriptions(FormattableString where, CancellationToken ct)
        {
            db.Climb(Rung.Document);
            return await db.Query<Subscription>($"{Subscription.Columns} where company_id = {db.Company} and {new SqlText(where)} for update", ct);
        }

        public void Follow(IReadOnlyList<Subscription> changed) => db.Table<Subscription>().Update(
            changed, nameof(Subscription.Channel), nameof(Subscription.ShipTo), nameof(Subscription.Every), nameof(Subscription.Period), nameof(Subscription.Anchor), nameof(Subscription.NextOn), nameof(Subscription.EndsOn),
            nameof(Subscription.Status), nameof(Subscription.Why), nameof(Subscription.PurchaseOrder), nameof(Subscription.Orders), nameof(Subscription.Version));
    }
}
