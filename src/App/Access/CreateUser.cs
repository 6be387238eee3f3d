using System.ComponentModel.DataAnnotations;

namespace Keel.App.Access;

/// Lets somebody in: name, e-mail address, first password, roles, and where the roles hold.
[Operation("access.create-user", AccessPermissions.Users, Secret = true, Global = true, Said = "created the user", Icon = "person")]
internal sealed class CreateUser(KeelDb db, People people) : IOperation<CreateUser.Request, Guid>
{
    public sealed record Request(
        [Required, MaxLength(100)] string Name,
        [Required, MaxLength(200), EmailAddress(ErrorMessage = "is an e-mail address.")] string Email,
        [Required, MaxLength(200), DataType(DataType.Password)] string Password,
        [MinLength(1), MaxLength(12)] IReadOnlyList<string> Roles,
        [MaxLength(100)] IReadOnlyList<string>? Companies = null,
        [MaxLength(100)] IReadOnlyList<NodeCode>? Sites = null,
        [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null)
    {
        /// The key to make somebody under who is known already; no door can name it.
        internal Guid? Id { get; init; }
    }

    public static readonly Error Taken = new("access.user-exists", "Somebody signs in with this e-mail address already. Use another one.");

    public async Task<Result<Guid>> Run(Request request, CancellationToken ct)
    {
        var roles = await RoleSet.Of(db, ct);
        if (SetRoles.Refused(roles, request.Roles, db.Work.Actor) is { } refused) return refused;
        var where = await SetRoles.Where(db, request.Companies, request.Sites, request.Channels, ct);
        if (!where.Ok) return where.Error!;

        if (await Apartness.Refused(db, roles.PermissionsOf(request.Roles), where.Value.Ids, request.Email, ct) is { } conflict) return conflict;

        var users = await people.Join(ct);
        if (await users.FindByNameAsync(request.Email) is not null) return Taken;
        var person = new Person
        {
            Id = request.Id ?? Guid.CreateVersion7(db.Now), Name = request.Name, UserName = request.Email, Email = request.Email, EmailConfirmed = true,
            Roles = [.. request.Roles.Distinct()], Companies = where.Value.Ids, Nodes = where.Value.Nodes, Channels = where.Value.Channels,
        };
        var made = await users.CreateAsync(person, request.Password);
        db.Work.Concerns(request.Email);
        return made.Succeeded ? person.Id : People.Refusal(made);
    }
}
