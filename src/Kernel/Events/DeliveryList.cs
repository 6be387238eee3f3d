using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// How what is told after a commit reaches whom it is for: when it last did, how long the oldest letter waits, how many wait, how many tries of
/// seven days failed.
[View("kernel.deliveries", KernelPermissions.Jobs, Sort = "deliverer")]
internal sealed class DeliveryList(KeelDb db) : IView<DeliveryList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Deliverer { get; init; }
        public required string State { get; init; }
        public DateTimeOffset? DeliveredAt { get; init; }

        /// Since when the oldest letter that is not delivered waits.
        public DateTimeOffset? WaitsSince { get; init; }
        public required int Waiting { get; init; }
        public required int Dead { get; init; }

        /// Of the last seven days.
        public required int Delivered { get; init; }
        public required int Failed { get; init; }

        /// Failed tries of a hundred, of the last seven days.
        public required decimal FailedShare { get; init; }
        public DateTimeOffset? FailedAt { get; init; }
        public string? Problem { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select substring(name from '[^.]+$') as deliverer,
          case when dead > 0 then 'stuck' when waits_since < {db.Now}::timestamptz - interval '15 minutes' then 'behind' else 'well' end as state,
          delivered_at, waits_since, waiting, dead, delivered, failed,
          case when delivered + failed = 0 then 0 else round(100.0 * failed / (delivered + failed), 1) end as failed_share, failed_at, problem
        from (
          select coalesce(d.deliverer, o.deliverer) as name, d.delivered_at, o.waits_since, coalesce(o.waiting, 0)::int as waiting, coalesce(o.dead, 0)::int as dead,
            coalesce(d.delivered, 0)::int as delivered, coalesce(d.failed, 0)::int as failed, d.failed_at, d.problem
          from (
            select deliverer, max(delivered_at) as delivered_at, max(failed_at) as failed_at, (array_agg(problem order by failed_at desc nulls last))[1] as problem,
              sum(delivered) filter (where day > {db.Now}::date - 7) as delivered, sum(failed) filter (where day > {db.Now}::date - 7) as failed
            from kernel.delivery_day where company_id = {db.Company} group by deliverer) d
          full join (
            select deliverer, min(at) as waits_since, count(*) filter (where state = 'Waiting') as waiting, count(*) filter (where state = 'Dead') as dead
            from kernel.outbox where company_id = {db.Company} and state <> 'Done' group by deliverer) o on o.deliverer = d.deliverer) both_sides
        """;
}
