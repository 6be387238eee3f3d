using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Sales;

/// The queues of stopped orders: how many wait in each and for how long, and how fast they were settled lately.
[View("sales.held-queues", SalesPermissions.Read, Sort = "-orders")]
internal sealed class HeldQueues(KeelDb db) : IView<HeldQueues.Row>
{
    public sealed record Row
    {
        [Key, Spoken, Title("Stopped for"), Search] public required string Hold { get; init; }
        [Title("Orders")] public required long Orders { get; init; }
        [Title("Over target")] public required long Late { get; init; }
        [Title("Oldest")] public DateTimeOffset? Oldest { get; init; }
        [Title("Hours they wait")] public decimal? Hours { get; init; }
        [Title("Came in 7 days")] public required long Came { get; init; }
        [Title("Settled in 7 days")] public required long Settled { get; init; }
        [Title("Hours to settle")] public decimal? HoursToSettle { get; init; }
        [Title("Target hours")] public required int Target { get; init; }
        [Spoken] public required string Owner { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select k.hold, coalesce(h.orders, 0) as orders, coalesce(h.late, 0) as late, h.oldest, h.hours, coalesce(c.came, 0) as came, coalesce(c.settled, 0) as settled, c.hours_to_settle, k.target, k.owner, k.next
        from unnest({Holds.Names}, {Holds.Kinds.Select(k => k.Owner).ToArray()}, {Holds.Kinds.Select(k => (int)k.Target.TotalHours).ToArray()}, {Holds.Kinds.Select(k => k.Next).ToArray()}) as k (hold, owner, target, next)
        left join (
          select o.hold, count(*) as orders, count(*) filter (where o.held_at < {db.Now}::timestamptz - make_interval(hours => t.target)) as late, min(o.held_at) as oldest,
            round(avg(extract(epoch from {db.Now}::timestamptz - o.held_at)) / 3600, 1) as hours
          from sales.orders o join unnest({Holds.Names}, {Holds.Kinds.Select(k => (int)k.Target.TotalHours).ToArray()}) as t (hold, target) on t.hold = o.hold
          where o.company_id = {db.Company} and o.status = 'OnHold'{db.Work.Actor.Reach.And(channel: "o.channel")} group by o.hold) h on h.hold = k.hold
        left join (
          select substr(w.kind, 7) as hold, count(*) filter (where w.opened_at > {db.Now}::timestamptz - interval '7 days') as came, count(*) filter (where w.closed_at > {db.Now}::timestamptz - interval '7 days') as settled,
            round(avg(extract(epoch from w.closed_at - w.opened_at)) filter (where w.closed_at > {db.Now}::timestamptz - interval '7 days') / 3600, 1) as hours_to_settle
          from kernel.work_case w where w.company_id = {db.Company} and w.kind = any({Holds.Kinds.Select(k => k.Name).ToArray()}) and (w.closed_at is null or w.closed_at > {db.Now}::timestamptz - interval '7 days')
          group by w.kind) c on c.hold = k.hold
        """;
}

/// Orders that were stopped by hand in one step and are stopped still: they can go on together.
[View("sales.held-together", SalesPermissions.Read, Sort = "-held-at")]
internal sealed class HeldTogether(KeelDb db) : IView<HeldTogether.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Step { get; init; }
        [Title("Stopped")] public required DateTimeOffset HeldAt { get; init; }
        [Title("Orders still stopped")] public required long Orders { get; init; }
        [Title("The first of them"), Search] public required string First { get; init; }
        [Title("Promised to leave from")] public required DateOnly ShipBy { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select o.held_in as step, min(o.held_at) as held_at, count(*) as orders, min(o.number) as first, min(o.ship_by) as ship_by
        from sales.orders o where o.company_id = {db.Company} and o.status = 'OnHold' and o.hold = {Holds.Manual} and o.held_in is not null{db.Work.Actor.Reach.And(channel: "o.channel")}
        group by o.held_in
        """;
}
