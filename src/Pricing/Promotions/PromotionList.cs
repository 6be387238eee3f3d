using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Pricing.Contract;
using Keel.Ui;

namespace Keel.Pricing.Promotions;

/// Where a promotion stands today.
internal enum PromotionState
{
    [Shown(StateRole.Done, "Running")]
    Runs,

    [Shown(StateRole.Waiting, "To come")]
    ToCome,

    [Shown(StateRole.Held, "Paused")]
    Paused,

    /// Given as often as it may be.
    [Shown(StateRole.Idle, "Used up")]
    UsedUp,

    [Shown(StateRole.Idle, "Ended")]
    Ended,
}

/// All promotions of the company, with how often they were given and what they took off.
[View("pricing.promotions", PricingPermissions.Read, Sort = "-from-day")]
internal sealed class PromotionList(KeelDb db) : IView<PromotionList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Code { get; init; }
        [Search] public required string Name { get; init; }
        public required PromotionKind Kind { get; init; }
        public required PromotionState State { get; init; }
        [Title("From")] public required DateOnly FromDay { get; init; }
        [Title("To")] public DateOnly? ToDay { get; init; }
        [Title("Needs a coupon")] public required bool NeedsCoupon { get; init; }
        public required int Coupons { get; init; }
        [Title("Given")] public required long Uses { get; init; }
        [Title("At most")] public int? MaxUses { get; init; }
        [Title("Took off")] public required Money TookOff { get; init; }
        public required Currency Currency { get; init; }
        [Title("Units expected")] public Quantity? ExpectedUnits { get; init; }
        [Search] public required string Owner { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.code, p.name, p.kind, s.state, p.from_day, p.to_day, p.needs_coupon, (select count(*)::int from pricing.coupon c where c.company_id = p.company_id and c.promotion = p.code) as coupons,
          u.uses, p.max_uses, u.took_off, p.currency, p.expected_units, p.owner,
          case s.state when 'Paused' then 'Let it run, or let it end' when 'ToCome' then 'It begins by itself' when 'UsedUp' then 'Nothing: it was given as often as it may be' when 'Ended' then 'Nothing: over'
            else case when p.needs_coupon and not exists (select from pricing.coupon c where c.company_id = p.company_id and c.promotion = p.code) then 'Add its coupons' else 'Nothing: it runs' end end as next
        from pricing.promotion p
        cross join lateral (select count(*) filter (where u.given_back_at is null) as uses, coalesce(sum(u.amount) filter (where u.given_back_at is null), 0)::bigint as took_off
          from pricing.promotion_use u where u.company_id = p.company_id and u.promotion = p.code) u
        cross join lateral (select case when p.to_day < {db.Today} then 'Ended' when p.paused then 'Paused' when p.from_day > {db.Today} then 'ToCome' when u.uses >= p.max_uses then 'UsedUp' else 'Runs' end as state) s
        where p.company_id = {db.Company}
        """;
}

/// The coupons of the promotions, with how often each was taken.
[View("pricing.coupons", PricingPermissions.Read, Sort = "code")]
internal sealed class CouponList(KeelDb db) : IView<CouponList.Row, CouponList.Args>
{
    public sealed record Args(string? Promotion = null);

    public sealed record Row
    {
        [Key, Search] public required string Code { get; init; }
        public required string Promotion { get; init; }
        [Title("Taken")] public required long Uses { get; init; }
        [Title("At most")] public int? MaxUses { get; init; }
        [Title("Added")] public required DateTimeOffset AddedAt { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select c.code, c.promotion, (select count(*) from pricing.promotion_use u where u.company_id = c.company_id and u.promotion = c.promotion and u.coupon = c.code and u.given_back_at is null) as uses, c.max_uses, c.added_at
        from pricing.coupon c where c.company_id = {db.Company} and ({args.Promotion}::text is null or c.promotion = {args.Promotion})
        """;
}

/// The orders that were given promotions, and what each took off.
[View("pricing.promotion-uses", PricingPermissions.Read, Sort = "-used-at")]
internal sealed class PromotionUses(KeelDb db) : IView<PromotionUses.Row, PromotionUses.Args>
{
    public sealed record Args(string? Promotion = null);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Order")] public required string DocumentNumber { get; init; }
        public required Guid DocumentId { get; init; }
        public required ChannelCode Channel { get; init; }
        public required string Promotion { get; init; }
        [Search] public required string Coupon { get; init; }
        [Title("Took off")] public required Money Amount { get; init; }
        public required Currency Currency { get; init; }
        [Title("When")] public required DateTimeOffset UsedAt { get; init; }
        [Title("Given back")] public DateTimeOffset? GivenBackAt { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select u.document_id || ' ' || u.promotion as id, u.document_number, u.document_id, u.channel, u.promotion, u.coupon, u.amount, u.currency, u.used_at, u.given_back_at
        from pricing.promotion_use u where u.company_id = {db.Company} and ({args.Promotion}::text is null or u.promotion = {args.Promotion}){db.Work.Actor.Reach.And(channel: "u.channel")}
        """;
}
