using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Says that findings do not count for their records, why, and until when: who answers for the domain, or who looks after all master data.
[Operation("kernel.waive-findings", KernelPermissions.Ask, Said = "waived {findings|a finding}", Icon = "check")]
internal sealed class WaiveFindings(KeelDb db, Settings settings) : IOperation<WaiveFindings.Request, IReadOnlyList<WaiveFindings.Answer>>
{
    private const int UsualDays = 90;

    /// Without a day it holds for ninety days.
    public sealed record Request(
        [Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Findings, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason,
        DateOnly? Until = null);

    public sealed record Answer(Guid Finding, string Number, string? Why);

    public static readonly Error Span = Error.Invalid("finding.waiver-span", "A waiver ends after today and within two years.", new FieldError("until", "is after today and within two years."));

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var until = request.Until ?? today.AddDays(UsualDays);
        if (until <= today || until > today.AddYears(2)) return Span;
        var owners = await DataOwners.Of(settings, ct);
        var found = (await db.Query<Row>($"select id, domain, rule, key from kernel.quality_finding where company_id = {db.Company} and id = any({request.Findings.ToArray()}) order by id", ct))
            .ToDictionary(f => f.Id);
        foreach (var one in found.Values.Where(f => WhyNot(f, owners) is null))
        {
            db.Work.Concerns(one.Key);
            db.Queue(
                $"""
                insert into kernel.quality_waiver (company_id, domain, rule, key, reason, until_day, made_by, made_at)
                values ({db.Company}, {one.Domain}, {one.Rule}, {one.Key}, {request.Reason}, {until}, {db.Work.Actor.Name}, {db.Now})
                on conflict (company_id, domain, rule, key) do update set reason = excluded.reason, until_day = excluded.until_day, made_by = excluded.made_by, made_at = excluded.made_at
                """);
        }

        return request.Findings.Distinct().Select(id => found.TryGetValue(id, out var one) ? new Answer(id, one.Key, WhyNot(one, owners)) : new Answer(id, "", "It was put right meanwhile.")).ToArray();
    }

    private string? WhyNot(Row one, DataOwners owners) => db.Work.Actor.May(KernelPermissions.Masters) || owners.For(one.Domain)?.Is(db.Work.Actor) == true ? null
        : owners.For(one.Domain) is { } owner ? $"{owner.Says} answers for {one.Domain} and may waive this." : $"Nobody answers for {one.Domain} yet: name an owner first.";

    internal sealed record Row(Guid Id, string Domain, string Rule, string Key);
}

/// Ends waivers before their day: the findings count again.
[Operation("kernel.end-waivers", KernelPermissions.Ask, Said = "ended {waivers|a waiver}", Icon = "x")]
internal sealed class EndWaivers(KeelDb db, Settings settings) : IOperation<EndWaivers.Request, IReadOnlyList<WaiveFindings.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Findings);

    public async Task<Result<IReadOnlyList<WaiveFindings.Answer>>> Run(Request request, CancellationToken ct)
    {
        var owners = await DataOwners.Of(settings, ct);
        var found = await db.Query<WaiveFindings.Row>($"select id, domain, rule, key from kernel.quality_finding where company_id = {db.Company} and id = any({request.Findings.ToArray()}) order by id", ct);
        var mine = found.Where(f => db.Work.Actor.May(KernelPermissions.Masters) || owners.For(f.Domain)?.Is(db.Work.Actor) == true).ToArray();
        foreach (var one in mine) db.Queue($"delete from kernel.quality_waiver where company_id = {db.Company} and domain = {one.Domain} and rule = {one.Rule} and key = {one.Key}");
        return found.Select(f => new WaiveFindings.Answer(f.Id, f.Key, mine.Contains(f) ? null : $"Who answers for {f.Domain} ends this.")).ToArray();
    }
}
