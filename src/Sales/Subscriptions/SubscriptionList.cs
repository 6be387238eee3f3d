using Keel.Kernel.Views;

namespace Keel.Sales;

/// Subscriptions, the next day first. Served by the index subscription_due.
[View("sales.subscriptions", SalesPermissions.Read, Sort = "next-on")]
internal sealed class SubscriptionList(KeelDb db) : IView<SubscriptionList.Row>
{
    public sealed record Row
    {
        public required Id<Subscription> Id { get; init; }
        [Search, Title("Subscription")] public required string Number { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        [Title("Channel code")] public required ChannelCode Channel { get; init; }
        [Title("Channel")] public required string ChannelName { get; init; }
        [Title("State")] public required SubscriptionStatus Status { get; init; }
        [Title("Goods")] public required string Goods { get; init; }
        public required int Every { get; init; }
        public required SubscriptionPeriod Period { get; init; }
        [Title("Next order")] public required DateOnly NextOn { get; init; }
        [Title("Ends on")] public DateOnly? EndsOn { get; init; }
        [Title("Orders so far")] public required int Orders { get; init; }
        [Title("Why it rests")] public string? Why { get; init; }
        public required string Owner { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select s.id, s.number, p.name as customer, s.channel, c.name as channel_name, s.status, s.every, s.period, s.next_on, s.ends_on, s.orders, s.why, s.owner,
          (select string_agg(trim_scale(l.quantity / 1000.0) || ' × ' || l.sku, ', ' order by l.line) from sales.subscription_line l where l.subscription_id = s.id) as goods
        from sales.subscription s join kernel.channel c on c.company_id = s.company_id and c.code = s.channel left join partners.pub_partner p on p.id = s.customer_id
        where s.company_id = {db.Company}{db.Work.Actor.Reach.And(channel: "s.channel")}
        """;
}

/// Everything that a subscription's page shows.
internal sealed class SubscriptionCard(KeelDb db)
{
    public sealed record LineRow(int Line, Sku Sku, string Name, Quantity Quantity, UnitPrice? Price, Currency Currency);

    public sealed record RunRow(DateOnly DueOn, RunOutcome Outcome, Guid? OrderId, string? OrderNumber, string? Why, DateTimeOffset At, string By);

    public sealed record WhoRow(string Number, string Name);

    public Subscription Subscription { get; private set; } = null!;
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    public IReadOnlyList<RunRow> Runs { get; private set; } = [];
    public WhoRow? Customer { get; private set; }

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        var heads = db.Ask<Subscription>($"{Subscription.Columns} where company_id = {db.Company} and id = {id}{db.Work.Actor.Reach.And(channel: "channel")}");
        var lines = db.Ask<LineRow>($"select l.line, l.sku, coalesce(p.name, l.sku) as name, l.quantity, l.price, l.currency from sales.subscription_line l left join catalog.pub_product p on p.sku = l.sku where l.company_id = {db.Company} and l.subscription_id = {id} order by l.line");
        var runs = db.Ask<RunRow>($"select due_on, outcome, order_id, order_number, why, at, by from sales.subscription_run where company_id = {db.Company} and subscription_id = {id} order by due_on desc, attempt desc limit 60");
        var who = db.Ask<WhoRow>($"select p.number, p.name from partners.pub_partner p join sales.subscription s on s.customer_id = p.id where s.company_id = {db.Company} and s.id = {id}");
        await db.Flush(ct);
        if (heads.Value is not [var head]) return false;
        (Subscription, Lines, Runs, Customer) = (head, lines.Value, runs.Value, who.Value.FirstOrDefault());
        return true;
    }
}
