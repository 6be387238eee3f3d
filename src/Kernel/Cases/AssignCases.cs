using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Hands cases to a person, or to a team in which somebody takes them.
[Operation("kernel.assign-cases", KernelPermissions.Cases, Said = "assigned {cases|the case}", Icon = "person")]
internal sealed class AssignCases(KeelDb db, CaseWork work, IActors actors) : IOperation<AssignCases.Request, CaseAnswer[]>
{
    /// `To` is a person's id, or a team's name such as `finance`.
    public sealed record Request([Required, MinLength(1), MaxLength(CaseWork.Most)] IReadOnlyList<Id<Case>> Cases, [Required, MaxLength(80)] string To, [MaxLength(200)] string? Reason = null);

    public static readonly Error NoPerson = Error.Invalid("case.person-unknown", "Nobody who may sign in here has this id. Choose somebody from the list of users.", new FieldError("to", "is nobody's id."));
    public static readonly Error NoTeam = Error.Invalid("case.team-unknown", "There is no such team.", new FieldError("to", "is no team."));
    public static readonly Error NotAllowed = new("case.person-may-not", "They may not work on cases. Give them a role that may, or choose somebody else.");
    public static readonly Error There = new("case.there-already", "It is there already.");

    public async Task<Result<CaseAnswer[]>> Run(Request request, CancellationToken ct)
    {
        if (!Guid.TryParse(request.To, out var id))
        {
            var team = request.To.Trim();
            return actors.Teams.Contains(team)
                ? await work.Each(request.Cases, CaseStepKind.Assigned, one => ToTeam(one, team, request.Reason), ct)
                : NoTeam.With($"There is no team {team}. Teams are {string.Join(", ", actors.Teams)}.");
        }

        if (await actors.Find(ActorKind.Person, id, ct) is not { } person) return NoPerson;
        if (!person.MayIn(db.Company) || !person.May(KernelPermissions.Cases)) return NotAllowed.With($"{person.Name} may not work on cases here. Give them a role that may, or choose somebody else.");
        return await work.Each(request.Cases, CaseStepKind.Assigned, one => ToPerson(one, person, request.Reason), ct);
    }

    private static Result<CaseWork.Step> ToPerson(Case one, Actor person, string? reason) => one.AssigneeId == person.Id
        ? There.With($"{one.Subject} is with {person.Name} already.")
        : new CaseWork.Step(one with { AssigneeId = person.Id, Assignee = person.Name }, Said($"given to {person.Name}", reason));

    private static Result<CaseWork.Step> ToTeam(Case one, string team, string? reason) => one.Owner == team && one.AssigneeId is null
        ? There.With($"{one.Subject} is with {team} already.")
        : new CaseWork.Step(one with { Owner = team, AssigneeId = null, Assignee = null }, Said($"given to the team {team}", reason));

    private static string Said(string what, string? reason) => string.IsNullOrWhiteSpace(reason) ? what : $"{what}: {reason}";
}
