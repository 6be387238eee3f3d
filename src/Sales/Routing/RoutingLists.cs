using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Sales;

/// Sites as orders are routed to them: what each can do in a day, what is routed to it today and tomorrow, and what its work costs.
[View("sales.routing-sites", SalesPermissions.Read, Sort = "site")]
internal sealed class RoutingSites(KeelDb db) : IView<RoutingSites.Row>
{
    public sealed record Row
    {
        [Key, Search] public required NodeCode Site { get; init; }
        [Search] public required string Name { get; init; }
        public required SiteKind Kind { get; init; }
        public required string Country { get; init; }
        [Title("Orders today")] public required int Today { get; init; }
        [Title("Later")] public required int Later { get; init; }
        [Title("Most a day")] public int? Capacity { get; init; }
        [Title("Days to prepare")] public required int PrepareDays { get; init; }
        [Title("A parcel")] public Money? HandlingParcel { get; init; }
        [Title("A unit")] public Money? HandlingUnit { get; init; }
        public required Currency Currency { get; init; }
        [Title("Ways known")] public required int Lanes { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select s.code as site, s.name, s.kind, s.country, coalesce(d.today, 0)::int as today, coalesce(d.later, 0)::int as later, t.capacity, coalesce(t.prepare_days, 0) as prepare_days, t.handling_parcel, t.handling_unit,
          coalesce(t.currency, (select c.currency from kernel.company c where c.id = s.company_id)) as currency,
          (select count(*) from sales.lane l where l.company_id = s.company_id and l.node = s.code)::int as lanes,
          case when t.capacity is not null and coalesce(d.today, 0) >= t.capacity then 'Full today: orders go to the next day, or elsewhere'
            when not exists (select from sales.lane l where l.company_id = s.company_id and l.node = s.code) then 'Say how far it is to customers, and what that costs'
            else 'Nothing: it is asked' end as next
        from kernel.site s left join sales.site_terms t on t.company_id = s.company_id and t.node = s.code
        left join lateral (
          select count(*) filter (where r.ship_on = {db.Today}) as today, count(*) filter (where r.ship_on > {db.Today}) as later
          from sales.route r where r.company_id = s.company_id and r.node = s.code and r.ship_on >= {db.Today}) d on true
        where s.company_id = {db.Company}{db.Work.Actor.Reach.And("s.code")}
        """;
}

/// How long parcels take from sites to customers, and what they cost.
[View("sales.lanes", SalesPermissions.Read, Sort = "site")]
internal sealed class LaneList(KeelDb db) : IView<LaneList.Row>
{
    public sealed record Row
    {
        [Key] public required string Lane { get; init; }
        [Search] public required NodeCode Site { get; init; }
        [Search] public required string Country { get; init; }
        [Search, Title("Postcodes from", Empty = "all")] public string? Postcode { get; init; }
        [Title("Working days")] public required int Days { get; init; }
        [Title("A parcel")] public required Money Parcel { get; init; }
        [Title("A kilogram")] public required Money Kilogram { get; init; }
        public required Currency Currency { get; init; }
        [Title("Since")] public required DateTimeOffset ChangedAt { get; init; }
        [Title("By")] public required string ChangedBy { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select l.node || '/' || l.country || '/' || l.postcode as lane, l.node as site, l.country, nullif(l.postcode, '') as postcode, l.days, l.parcel, l.kilogram, l.currency, l.changed_at, l.changed_by
        from sales.lane l where l.company_id = {db.Company}{db.Work.Actor.Reach.And("l.node")}
        """;
}
