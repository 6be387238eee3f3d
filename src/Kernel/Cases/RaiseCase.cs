using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;

namespace Keel.Kernel;

/// Asks for a person's attention: opens a case about anything that has a number or a name. While one is open about it, a second changes nothing.
[Operation("kernel.raise-case", KernelPermissions.Cases, Said = "opened a case", Icon = "alert")]
internal sealed class RaiseCase(KeelDb db, CaseDesk cases, IActors actors) : IOperation<RaiseCase.Request, Done>
{
    /// `Topic` keeps cases about one subject apart: `low-stock`. `Kind` and `Id` lead to the subject's page, where it has one.
    public sealed record Request(
        [Required, MaxLength(100)] string Subject, [Required, MinLength(3), MaxLength(500)] string Sentence, [Required, MaxLength(60)] string Team = "operations", Severity Severity = Severity.Normal,
        [MaxLength(40)] string? Topic = null, [MaxLength(40)] string? Kind = null, Guid? Id = null);

    public static readonly CaseKind Attention = new("attention", "operations", TimeSpan.FromHours(8), Severity.Normal)
    {
        Next = "Look at it, then close it",
        Supervisor = "administrator",
        Ways = [CaseWay.Go("See what rules did", "/rules/runs", KernelPermissions.ReadRules)],
    };

    public Task<Result<Done>> Run(Request request, CancellationToken ct) => Task.FromResult(Open(request));

    private Result<Done> Open(Request request)
    {
        if (!actors.Teams.Contains(request.Team)) return AssignCases.NoTeam.With($"There is no team {request.Team}. Teams are {string.Join(", ", actors.Teams)}.");
        var named = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{db.Company}|{request.Kind}|{request.Subject}|{request.Topic}")).AsSpan(0, 16));
        var id = request.Topic is null && request.Id is { } known ? known : named;
        cases.Open(Attention with { Owner = request.Team, Severity = request.Severity }, new DocumentRef(request.Kind ?? "subject", id, request.Subject), request.Sentence);
        return Done.It;
    }
}

/// Passes up what is open about documents, of one kind or of all: the supervisor gets it, one step more severe. Where nothing is open, nothing
/// is done, and it says so.
[Operation("kernel.escalate-cases-about", KernelPermissions.Cases, Said = "passed the cases up about", Icon = "upload")]
internal sealed class EscalateCasesAbout(KeelDb db, EscalateCases escalate) : IOperation<EscalateCasesAbout.Request, CaseAnswer[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(CaseWork.Most)] IReadOnlyList<Guid> Subjects, [Required, MinLength(3), MaxLength(200)] string Reason, [MaxLength(60)] string? Kind = null);

    public static readonly Error None = new("case.none-open", "Nothing is open about it.");

    public async Task<Result<CaseAnswer[]>> Run(Request request, CancellationToken ct)
    {
        var open = await db.Query<Id<Case>>(
            $"select id from kernel.work_case where company_id = {db.Company} and subject_id = any({request.Subjects}) and state <> 'Closed' and ({request.Kind is null} or kind = {request.Kind ?? ""}) order by id limit {CaseWork.Most}", ct);
        return open.Count == 0 ? None : await escalate.Run(new(open, request.Reason), ct);
    }
}
