using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Closes a case by hand, with what was done about it.
[Operation("kernel.close-case", KernelPermissions.Cases, Said = "closed the case", Icon = "check")]
internal sealed class CloseCase(CloseCases all) : IOperation<CloseCase.Request, Done>
{
    /// `Code` is one of the kind's resolution codes.
    public sealed record Request(
        Id<Case> Case, [Required, MinLength(3, ErrorMessage = "says in a few words what was done."), MaxLength(500)] string Resolution, [MaxLength(60)] string? Code = null);

    public static readonly Error Gone = Error.NotFound("case.not-open", "There is no open case with this id.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var closed = await all.Run(new([request.Case], request.Resolution, request.Code), ct);
        return closed.Ok ? Done.It : closed.Error!.Code == CaseWork.Gone.Code || closed.Error.Code == CaseWork.Closed.Code ? Gone : closed.Error;
    }
}

/// Closes several cases that were settled in the same way. Words that are one of a kind's codes count as the code.
[Operation("kernel.close-cases", KernelPermissions.Cases, Said = "closed {cases|the case}", Icon = "check")]
internal sealed class CloseCases(KeelDb db, CaseWork work) : IOperation<CloseCases.Request, CaseAnswer[]>
{
    public sealed record Request(
        [Required, MinLength(1), MaxLength(CaseWork.Most)] IReadOnlyList<Id<Case>> Cases,
        [Required, MinLength(3, ErrorMessage = "says in a few words what was done."), MaxLength(500)] string Resolution, [MaxLength(60)] string? Code = null);

    public static readonly Error NoCode = Error.Invalid("case.code-unknown", "Cases of this kind do not end with this code.", new FieldError("code", "is no code of this kind."));

    public Task<Result<CaseAnswer[]>> Run(Request request, CancellationToken ct) => work.Each(request.Cases, CaseStepKind.Closed, one => Close(one, request), ct);

    private Result<CaseWork.Step> Close(Case one, Request request)
    {
        var kind = work.KindOf(one);
        var code = kind.CodeOf(string.IsNullOrWhiteSpace(request.Code) ? request.Resolution : request.Code);
        if (code is null && !string.IsNullOrWhiteSpace(request.Code))
            return NoCode.With($"{one.Subject} does not end with '{request.Code}'. A case of this kind ends with one of: {string.Join(", ", kind.Resolutions)}.");
        var after = one with
        {
            State = CaseState.Closed, ClosedAt = db.Now, Resolution = request.Resolution.Trim(), ResolutionCode = code, ClosedBy = db.Work.Actor.Name, SnoozedUntil = null, EscalatesAt = null,
        };
        return new CaseWork.Step(after, code is null || code == kind.CodeOf(after.Resolution) ? after.Resolution : $"{code}: {after.Resolution}");
    }
}
