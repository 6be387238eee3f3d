using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Keel.Kernel.Views;

namespace Keel.App.Access;

/// Asks somebody in: the answer holds a link that opens once, for some days, and lets them set their own password. Nobody else knows it.
[Operation("access.invite-user", AccessPermissions.Users, Secret = true, Global = true, Said = "invited", Icon = "person")]
internal sealed class InviteUser(KeelDb db, People people) : IOperation<InviteUser.Request, InvitationLink>
{
    public sealed record Request(
        [Required, MaxLength(200), EmailAddress(ErrorMessage = "is an e-mail address.")] string Email,
        [MinLength(1), MaxLength(12)] IReadOnlyList<string> Roles,
        [MaxLength(100)] IReadOnlyList<string>? Companies = null,
        [MaxLength(100)] IReadOnlyList<NodeCode>? Sites = null,
        [Range(1, 30, ErrorMessage = "is between 1 and 30 days."), Display(Name = "Days that it holds")] int? Days = null,
        [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null);

    private const int UsualDays = 7;

    public async Task<Result<InvitationLink>> Run(Request request, CancellationToken ct)
    {
        var roles = await RoleSet.Of(db, ct);
        if (SetRoles.Refused(roles, request.Roles, db.Work.Actor) is { } refused) return refused;
        var where = await SetRoles.Where(db, request.Companies, request.Sites, request.Channels, ct);
        if (!where.Ok) return where.Error!;
        if (await Apartness.Refused(db, roles.PermissionsOf(request.Roles), where.Value.Ids, request.Email, ct) is { } conflict) return conflict;
        if (await (await people.Join(ct)).FindByNameAsync(request.Email) is not null) return CreateUser.Taken;

        // Who is asked twice comes in by the later link only.
        await db.Execute($"update access.invitation set revoked_at = {db.Now} where lower(email) = lower({request.Email}) and used_at is null and revoked_at is null", ct);
        return await InvitationLink.Draw(
            db, request.Email, null, [.. request.Roles.Distinct()], where.Value, TimeSpan.FromDays(request.Days ?? UsualDays), ct);
    }
}

/// Gives somebody who cannot come in a link with which they set a new password, once, within a day.
[Operation("access.let-set-password", AccessPermissions.Users, Secret = true, Global = true, Said = "let a new password be set by", Icon = "lock")]
internal sealed class LetSetPassword(KeelDb db, People people) : IOperation<LetSetPassword.Request, InvitationLink>
{
    public sealed record Request(Guid User);

    public async Task<Result<InvitationLink>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        if (await users.FindByIdAsync(request.User.ToString()) is not { } person) return SetRoles.Unknown;
        if (!(await RoleSet.Of(db, ct)).PermissionsOf(person.Roles).All(db.Work.Actor.May) || !SetRoles.Reaches(db.Work.Actor, person)) return SetRoles.Beyond;
        await db.Execute($"update access.invitation set revoked_at = {db.Now} where person_id = {person.Id} and used_at is null and revoked_at is null", ct);
        return await InvitationLink.Draw(db, person.Email!, person.Id, person.Roles, new(person.Companies, person.Nodes, person.Channels), TimeSpan.FromDays(1), ct);
    }
}

/// Takes invitations back that nobody used.
[Operation("access.revoke-invitations", AccessPermissions.Users, Global = true, Said = "took back {invitations|the invitation}", Icon = "x")]
internal sealed class RevokeInvitations(KeelDb db) : IOperation<RevokeInvitations.Request, IReadOnlyList<RevokeInvitations.Answer>>
{
    public sealed record Request([MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Invitations);

    /// Whose invitation it is, and why it was not taken back.
    public sealed record Answer(string Email, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var own = db.Work.Actor.Companies?.ToArray();
        var asked = await db.Query<Row>(
            $"select id, email from access.invitation where id = any({request.Invitations}) and ({own is null} or companies <@ {own ?? []}) order by id for update", ct);
        var ended = await db.Query<Guid>($"update access.invitation set revoked_at = {db.Now} where id = any({asked.Select(a => a.Id).ToArray()}) and used_at is null and revoked_at is null returning id", ct);
        foreach (var one in asked.Where(a => ended.Contains(a.Id))) db.Work.Concerns(one.Email);
        return asked.Select(a => new Answer(a.Email, ended.Contains(a.Id) ? null : "was used or taken back already.")).ToArray();
    }

    private sealed record Row(Guid Id, string Email);
}

/// Uses an invitation: somebody new has a name and a password from now on, somebody known a new password. It opens once.
[Operation("access.accept-invitation", AccessPermissions.SignIn, Secret = true, Global = true, Said = "accepted an invitation", Icon = "person")]
internal sealed class AcceptInvitation(KeelDb db, People people, Entrance entrance) : IOperation<AcceptInvitation.Request, SignIn.Answer>
{
    public sealed record Request([Required, MaxLength(100)] string Token, [Required, MaxLength(200)] string Password, [MaxLength(100)] string Name = "", [MaxLength(60)] string Device = "", [MaxLength(60)] string Address = "");

    public static readonly Error Over = Error.NotFound("access.invitation-over", "This link was used, was taken back, or is too old. Ask whoever sent it for another one.");
    public static readonly Error NoName = Error.Invalid("access.name-missing", "Say how you are called.");

    public async Task<Result<SignIn.Answer>> Run(Request request, CancellationToken ct)
    {
        var digest = InvitationLink.DigestOf(request.Token);
        if (await db.First<Open>(
            $"""
            update access.invitation set used_at = {db.Now} where digest = {digest} and used_at is null and revoked_at is null and expires_at > {db.Now}
            returning email, person_id, array_to_string(roles, ' ') as roles, array_to_string(companies, ' ') as companies, array_to_string(nodes, ' ') as nodes, array_to_string(channels, ' ') as channels
            """, ct) is not { } invited) return Over;
        db.Work.Concerns(invited.Email);

        var users = await people.Join(ct);
        var person = invited.PersonId is { } known ? await users.FindByIdAsync(known.ToString()) : null;
        if (invited.PersonId is not null && person is not { Disabled: false }) return Over;
        if (person is null)
        {
            if (request.Name.Trim().Length < 2) return NoName;
            var companies = invited.Companies?.Split(' ').Select(Guid.Parse).ToArray();
            var roles = invited.Roles.Split(' ');
            if (await Apartness.Refused(db, (await RoleSet.Of(db, ct)).PermissionsOf(roles), companies, invited.Email, ct) is { } conflict) return conflict;
            person = new Person
            {
                Id = Guid.CreateVersion7(db.Now), Name = request.Name.Trim(), UserName = invited.Email, Email = invited.Email, EmailConfirmed = true, Roles = roles, Companies = companies, Nodes = invited.Nodes?.Split(' '),
                Channels = invited.Channels?.Split(' '),
            };
            var made = await users.CreateAsync(person, request.Password);
            if (!made.Succeeded) return People.Refusal(made);
        }
        else
        {
            if (person.PasswordHash is not null) await users.RemovePasswordAsync(person);
            var set = await users.AddPasswordAsync(person, request.Password);
            if (!set.Succeeded) return People.Refusal(set);
            await users.SetLockoutEndDateAsync(person, null);
            await users.ResetAccessFailedCountAsync(person);
        }

        return person.TwoFactorEnabled
            ? new SignIn.Answer(person.Id, null, false)
            : new SignIn.Answer(person.Id, await entrance.Open(person, "invitation", new(request.Device, request.Address), ct), false);
    }

    private sealed record Open(string Email, Guid? PersonId, string Roles, string? Companies, string? Nodes, string? Channels);
}

/// The link of an invitation, said once.
internal sealed record InvitationLink(Guid Id, string Link, DateTimeOffset Until) : ISaidOnce
{
    string ISaidOnce.Lead => "Send this link to the person now: it is not shown again.";
    IReadOnlyList<string> ISaidOnce.Secrets => [Link];
    string ISaidOnce.Hint => "It opens once. Whoever has it comes in: send it by a way that only they read.";
    DateTimeOffset? ISaidOnce.Until => Until;

    public static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static async Task<InvitationLink> Draw(
        KeelDb db, string email, Guid? person, string[] roles, SetRoles.Scope where, TimeSpan holds, CancellationToken ct)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var link = new InvitationLink(Guid.CreateVersion7(db.Now), "/invitation/" + token, db.Now + holds);
        await db.Execute(
            $"""
            insert into access.invitation (id, digest, email, person_id, roles, companies, nodes, channels, invited_by, invited_at, expires_at)
            values ({link.Id}, {DigestOf(token)}, {email}, {person}::uuid, {roles}, {where.Ids}, {where.Nodes}, {where.Channels}, {db.Work.Actor.Name}, {db.Now}, {link.Until})
            """, ct);
        db.Work.Concerns(email);
        return link;
    }
}

/// Who was asked in, by whom, and whether they came.
[View("access.invitations", AccessPermissions.ReadUsers, Sort = "-invited-at")]
internal sealed class InvitationList(KeelDb db) : IView<InvitationList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("E-mail")] public required string Email { get; init; }
        public required string For { get; init; }
        public required string Roles { get; init; }
        public required string InvitedBy { get; init; }
        public required DateTimeOffset InvitedAt { get; init; }
        public required DateTimeOffset ExpiresAt { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
            select i.id, i.email, case when i.person_id is null then 'a new person' else 'a new password' end as for, array_to_string(i.roles, ', ') as roles, i.invited_by, i.invited_at, i.expires_at,
              case when i.used_at is not null then 'used' when i.revoked_at is not null then 'taken back' when i.expires_at <= {db.Now} then 'too old' else 'open' end as state
            from access.invitation i where {own is null} or i.companies <@ {own ?? []}
            """;
    }
}
