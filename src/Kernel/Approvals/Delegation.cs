using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Somebody decides in another's place while that one is away. It is not passed on: who decides in a place has no place of their own in it.
[Rows("kernel.delegation", "id")]
internal sealed record Delegation(
    Id<Delegation> Id, Id<Company> CompanyId, Guid FromId, string FromName, Guid ToId, string ToName, DateTimeOffset FromAt, DateTimeOffset UntilAt, string Reason, string MadeBy,
    DateTimeOffset? EndedAt);

/// Gives one's own decisions to somebody else for a time. Who manages the users may do it for somebody who is away already.
[Operation("kernel.hand-over-decisions", KernelPermissions.Ask, ChangesSettings = true, Said = "handed decisions over", Icon = "person")]
internal sealed class HandOverDecisions(KeelDb db, IActors actors) : IOperation<HandOverDecisions.Request, Id<Delegation>>
{
    /// `For` is who is away, where that is not oneself.
    public sealed record Request(Guid To, DateTimeOffset Until, [Required, MinLength(3), MaxLength(200)] string Reason, DateTimeOffset? From = null, Guid? For = null);

    public static readonly Error Self = Error.Invalid("delegation.self", "Nobody stands in for themselves. Choose another person.");
    public static readonly Error Nobody = Error.NotFound("delegation.nobody", "There is no such person, or they may not sign in.");
    public static readonly Error Span = Error.Invalid("delegation.span", "It ends after it begins, in the future, and within a year.");
    public static readonly Error Blind = new("delegation.blind", "This person may not see requests, so nothing could be decided. Choose another person.");
    public static readonly Error NotYours = new("delegation.not-yours", "Only who manages the users does this for somebody else.", Refusal.Forbidden);
    public static readonly Error Overlaps = new("delegation.overlaps", "Somebody stands in during this time already. End that first.");

    public async Task<Result<Id<Delegation>>> Run(Request request, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        var away = request.For ?? actor.Id;
        if (away != actor.Id && !actor.May("access.users")) return NotYours;
        if (away == request.To) return Self;
        var from = request.From ?? db.Now;
        if (request.Until <= from || request.Until <= db.Now || request.Until > db.Now.AddYears(1)) return Span;
        if (await actors.Find(ActorKind.Person, request.To, ct) is not { } substitute || !substitute.MayIn(db.Company)) return Nobody;
        if (await actors.Find(ActorKind.Person, away, ct) is not { } absent) return Nobody;
        if (!substitute.May(KernelPermissions.Ask)) return Blind.With($"{substitute.Name} may not see requests, so nothing could be decided. Choose another person, or give them a role that reads.");

        // Who is away is the key of the lock: two delegations of one person are told apart here.
        db.QueueQuery<int>($"select 1 from (select pg_advisory_xact_lock(hashtextextended('kernel.delegation ' || {away}::text, 0))) l", _ => { });
        var others = await db.Table<Delegation>().Where(
            $"company_id = {db.Company} and from_id = {away} and ended_at is null and from_at < {request.Until} and until_at > {from}", ct);
        if (others.Count > 0) return Overlaps.With($"{others[0].ToName} stands in from {others[0].FromAt:d MMMM} until {others[0].UntilAt:d MMMM} already. End that first.");

        var made = new Delegation(db.NewId<Delegation>(), db.Company, away, absent.Name, request.To, substitute.Name, from, request.Until, request.Reason, actor.Name, null);
        db.Table<Delegation>().Insert(made);
        db.Work.Concerns(absent.Name);
        return made.Id;
    }
}

/// Ends delegations before their time: who was away is back.
[Operation("kernel.end-delegations", KernelPermissions.Ask, ChangesSettings = true, Said = "ended {delegations|a delegation}", Icon = "x")]
internal sealed class EndDelegations(KeelDb db) : IOperation<EndDelegations.Request, IReadOnlyList<EndDelegations.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<Delegation>> Delegations);

    public sealed record Answer(Id<Delegation> Delegation, string Number, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var found = await db.Table<Delegation>().Where($"company_id = {db.Company} and id = any({request.Delegations.Select(d => d.Value)}) order by id for update", ct);
        var ending = found.Where(d => WhyNot(d) is null).Select(d => d with { EndedAt = db.Now }).ToArray();
        db.Table<Delegation>().Update(ending, nameof(Delegation.EndedAt));
        foreach (var one in ending) db.Work.Concerns(one.FromName);
        var known = found.ToDictionary(d => d.Id);
        return request.Delegations.Distinct().Select(id => known.TryGetValue(id, out var one) ? new Answer(id, one.FromName, WhyNot(one)) : new Answer(id, "", "There is no such delegation.")).ToArray();
    }

    private string? WhyNot(Delegation one) =>
        one.EndedAt is not null || one.UntilAt <= db.Now ? "It is over already."
        : one.FromId == db.Work.Actor.Id || one.ToId == db.Work.Actor.Id || db.Work.Actor.May("access.users") ? null
        : "Only who is away, who stands in, or who manages the users ends it.";
}

/// Who stands in for whom, what holds now first.
[View("kernel.delegations", KernelPermissions.Ask, Sort = "-from-at")]
internal sealed class DelegationList(KeelDb db) : IView<DelegationList.Row>
{
    public sealed record Row
    {
        public required Id<Delegation> Id { get; init; }
        [Search, Title("Away")] public required string Away { get; init; }
        [Search, Title("Decides instead")] public required string Instead { get; init; }
        [Title("From")] public required DateTimeOffset FromAt { get; init; }
        [Title("Until")] public required DateTimeOffset UntilAt { get; init; }
        public required string Reason { get; init; }
        [Title("Made by")] public required string MadeBy { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select d.id, d.from_name as away, d.to_name as instead, d.from_at, d.until_at, d.reason, d.made_by,
          case when d.ended_at is not null then 'ended early' when d.until_at <= {db.Now} then 'over' when d.from_at > {db.Now} then 'to come' else 'in force' end as state
        from kernel.delegation d where d.company_id = {db.Company}
        """;
}
