using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Who answers for a domain of a company's master data: a person or a team, and the person who stands in.
[Rows("kernel.data_owner", "company_id", "domain")]
public sealed record DataOwner(
    Id<Company> CompanyId, string Domain, Guid? PersonId, string? Team, string Owner, Guid? DeputyId, string? Deputy, string ChangedBy, DateTimeOffset ChangedAt)
{
    /// Whether somebody answers for it, as the owner, of the owning team, or as the deputy.
    public bool Is(Actor actor) => actor.Kind is ActorKind.Person && (actor.Id == PersonId || actor.Id == DeputyId) || (Team is { } team && actor.Teams.Contains(team));

    /// As people read it: `Anna, deputy Bea`, `the team buyer`.
    [NotAColumn]
    public string Says => (Team is null ? Owner : $"the team {Team}") + (Deputy is null ? "" : $", deputy {Deputy}");
}

/// The owners of a company's master data, by domain.
public sealed record DataOwners(IReadOnlyDictionary<string, DataOwner> ByDomain)
{
    public static Task<DataOwners> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    /// The owner of a domain, or nothing where nobody answers for it.
    public DataOwner? For(string domain) => ByDomain.GetValueOrDefault(domain);

    private static async Task<DataOwners> Load(KeelDb db, CancellationToken ct) =>
        new((await db.Table<DataOwner>().Where($"company_id = {db.Company} order by domain", ct)).ToDictionary(o => o.Domain, StringComparer.Ordinal));
}

/// Says who answers for a domain of master data: a person or a team, and who stands in. With neither, nobody does.
[Operation("kernel.set-data-owner", KernelPermissions.Masters, ChangesSettings = true, Said = "said who owns", Icon = "person")]
internal sealed class SetDataOwner(KeelDb db, DataDomains domains, IActors actors) : IOperation<SetDataOwner.Request, Done>
{
    public sealed record Request([Required, MaxLength(60)] string Domain, Guid? Person = null, [MaxLength(40)] string? Team = null, Guid? Deputy = null);

    public static readonly Error Unknown = Error.NotFound("data-owner.domain-unknown", "There is no domain of master data with this name. Look at Settings, Data owners.");
    public static readonly Error OneOfThem = Error.Invalid("data-owner.one", "A person or a team answers for it, not both. Leave one out.");
    public static readonly Error NoTeam = Error.NotFound("data-owner.team-unknown", "There is no such team. Teams are named as roles are.");
    public static readonly Error Nobody = Error.NotFound("data-owner.nobody", "There is no such person, or they may not sign in.");
    public static readonly Error Same = Error.Invalid("data-owner.same", "The deputy is somebody other than the owner. Choose another person.");
    public static readonly Error Deputy = Error.Invalid("data-owner.deputy-alone", "A deputy stands in for somebody. Name a person or a team too.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (domains.Find(request.Domain) is null) return Unknown;
        db.Work.Concerns(request.Domain);
        var team = string.IsNullOrWhiteSpace(request.Team) ? null : request.Team;
        if (request.Person is not null && team is not null) return OneOfThem;
        if (request.Person is null && team is null && request.Deputy is not null) return Deputy;
        if (team is not null && !actors.Teams.Contains(team)) return NoTeam;
        if (request.Deputy is not null && request.Deputy == request.Person) return Same;
        db.Queue($"delete from kernel.data_owner where company_id = {db.Company} and domain = {request.Domain}");
        if (request.Person is null && team is null) return Done.It;

        var (person, deputy) = (await Find(request.Person, ct), await Find(request.Deputy, ct));
        if ((request.Person is not null && person is null) || (request.Deputy is not null && deputy is null)) return Nobody;
        db.Table<DataOwner>().Insert(new DataOwner(
            db.Company, request.Domain, person?.Id, team, person?.Name ?? team!, deputy?.Id, deputy?.Name, db.Work.Actor.Name, db.Now));
        return Done.It;
    }

    private async Task<Actor?> Find(Guid? id, CancellationToken ct) =>
        id is { } person && await actors.Find(ActorKind.Person, person, ct) is { } found && found.MayIn(db.Company) ? found : null;
}
