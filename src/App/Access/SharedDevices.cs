using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Keel.Kernel.Views;

namespace Keel.App.Access;

/// Makes the browser that asks a device which many share: people say who they are with badge and PIN there, and nowhere else.
[Operation("access.register-device", AccessPermissions.Devices, Secret = true, Global = true, Said = "registered a device", Icon = "lock")]
internal sealed class RegisterDevice(KeelDb db) : IOperation<RegisterDevice.Request, RegisterDevice.Answer>
{
    public const int UsualIdleMinutes = 5;

    public sealed record Request([Required, MinLength(2), MaxLength(60)] string Name, [Range(1, 60, ErrorMessage = "is between 1 and 60 minutes.")] int? IdleMinutes = null);

    /// What the device's cookie holds: said to the browser only.
    public sealed record Answer(Guid Id, string Token);

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var answer = new Answer(Guid.CreateVersion7(db.Now), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        await db.Execute(
            $"""
            insert into access.shared_device (id, name, digest, idle_minutes, registered_by, registered_at)
            values ({answer.Id}, {request.Name}, {InvitationLink.DigestOf(answer.Token)}, {request.IdleMinutes ?? UsualIdleMinutes}, {db.Work.Actor.Name}, {db.Now})
            """, ct);
        return answer;
    }
}

/// Ends devices: nobody comes in there by badge any more, and who is in goes out.
[Operation("access.end-devices", AccessPermissions.Devices, Global = true, Said = "signed off {devices|the device}", Icon = "lock")]
internal sealed class EndDevices(KeelDb db) : IOperation<EndDevices.Request, int>
{
    public sealed record Request([MinLength(1), MaxLength(200)] IReadOnlyList<Guid> Devices);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        db.Queue($"update access.session set ended_at = {db.Now}, ended_by = {db.Work.Actor.Name} where device_id = any({request.Devices}) and ended_at is null");
        return await db.Execute($"update access.shared_device set ended_at = {db.Now} where id = any({request.Devices}) and ended_at is null", ct);
    }
}

/// Gives somebody a badge and a first PIN. Who administers people or roles has none: what a badge opens is for the floor and the counter.
[Operation("access.give-badge", AccessPermissions.Users, Secret = true, Global = true, Said = "gave a badge to", Icon = "person")]
internal sealed class GiveBadge(KeelDb db, People people) : IOperation<GiveBadge.Request, Done>
{
    public sealed record Request(Guid User, [Required, MinLength(4), MaxLength(80)] string Badge, [Required, MaxLength(12), DataType(DataType.Password)] string Pin);

    public static readonly Error Taken = new("access.badge-taken", "Somebody else has this badge. Take another one.");
    public static readonly Error NotForAdministrators = new("access.badge-administrator", "Who administers people, roles or everything signs in with a password: a badge is no way in for them.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        if (await users.FindByIdAsync(request.User.ToString()) is not { } person) return SetRoles.Unknown;
        var may = (await RoleSet.Of(db, ct)).PermissionsOf(person.Roles);
        if (!may.All(db.Work.Actor.May) || !SetRoles.Reaches(db.Work.Actor, person)) return SetRoles.Beyond;
        if (Pins.Administers(may)) return NotForAdministrators;
        if (Pins.Refused(request.Pin) is { } weak) return weak;
        if (await db.First<long>($"select count(*) from access.badge where digest = {Pins.DigestOf(request.Badge)} and person_id <> {person.Id}", ct) > 0) return Taken;
        await db.Execute(
            $"""
            insert into access.badge (person_id, digest, pin_hash, given_by, given_at)
            values ({person.Id}, {Pins.DigestOf(request.Badge)}, {users.PasswordHasher.HashPassword(person, request.Pin)}, {db.Work.Actor.Name}, {db.Now})
            on conflict (person_id) do update set digest = excluded.digest, pin_hash = excluded.pin_hash, failed = 0, locked_until = null, given_by = excluded.given_by, given_at = excluded.given_at
            """, ct);
        db.Work.Concerns(person.Email!);
        return Done.It;
    }
}

/// Takes somebody's badge: it opens nothing any more.
[Operation("access.take-badge", AccessPermissions.Users, Global = true, Said = "took the badge of", Icon = "x")]
internal sealed class TakeBadge(KeelDb db, People people) : IOperation<TakeBadge.Request, Done>
{
    public sealed record Request(Guid User);

    public static readonly Error None = Error.NotFound("access.badge-none", "This person has no badge.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        if (await users.FindByIdAsync(request.User.ToString()) is not { } person) return SetRoles.Unknown;
        if (!SetRoles.Reaches(db.Work.Actor, person)) return SetRoles.Beyond;
        db.Queue($"update access.session set ended_at = {db.Now}, ended_by = {db.Work.Actor.Name} where person_id = {person.Id} and device_id is not null and ended_at is null");
        if (await db.Execute($"delete from access.badge where person_id = {person.Id}", ct) == 0) return None;
        db.Work.Concerns(person.Email!);
        return Done.It;
    }
}

/// Takes another PIN for one's own badge.
[Operation("access.change-pin", AccessPermissions.Own, Secret = true, Global = true, Title = "Change PIN", Said = "changed their PIN", Icon = "lock")]
internal sealed class ChangePin(KeelDb db, Oneself oneself, Tries tries) : IOperation<ChangePin.Request, Done>
{
    public sealed record Request([Required, MaxLength(200), DataType(DataType.Password)] string Password, [Required, MaxLength(12), DataType(DataType.Password)] string Pin);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        if (await tries.Refused(users, person, request.Password) is { } refused) return refused;
        if (Pins.Refused(request.Pin) is { } weak) return weak;
        var changed = await db.Execute($"update access.badge set pin_hash = {users.PasswordHasher.HashPassword(person, request.Pin)}, failed = 0, locked_until = null where person_id = {person.Id}", ct);
        return changed == 0 ? TakeBadge.None : Done.It;
    }
}

/// Looks at a badge and a PIN on a device that is shared, counts failures and locks the badge after five. Whoever was in there goes out.
[Operation("access.sign-in-with-badge", AccessPermissions.SignIn, Secret = true, Global = true, Said = "let in with a badge", Icon = "person")]
internal sealed class SignInWithBadge(KeelDb db, People people, Entrance entrance) : IOperation<SignInWithBadge.Request, SignIn.Answer>
{
    private const int MostFailures = 5;
    private static readonly TimeSpan Locked = TimeSpan.FromMinutes(5);

    public sealed record Request([Required, MaxLength(100)] string Device, [Required, MaxLength(80)] string Badge, [Required, MaxLength(12)] string Pin, [MaxLength(60)] string Address = "");

    public static readonly Error NoDevice = new("access.device-unknown", "This device is not registered as shared. Sign in with e-mail and password.", Refusal.Forbidden);

    public async Task<Result<SignIn.Answer>> Run(Request request, CancellationToken ct)
    {
        var device = await db.First<Device>($"update access.shared_device set last_used_at = {db.Now} where digest = {InvitationLink.DigestOf(request.Device)} and ended_at is null returning id, name, idle_minutes", ct);
        if (device is null) return NoDevice;
        var users = await people.Join(ct);
        var badge = await db.First<Badge>($"select person_id, pin_hash, failed, locked_until from access.badge where digest = {Pins.DigestOf(request.Badge)} for update", ct);
        var person = badge is null ? null : await users.FindByIdAsync(badge.PersonId.ToString());
        if (badge is null || person is not { Disabled: false }) return new SignIn.Answer(null, null, false);
        db.Work.Concerns(person.Email!);
        if (badge.LockedUntil > db.Now || await users.IsLockedOutAsync(person)) return new SignIn.Answer(null, null, true);
        if (users.PasswordHasher.VerifyHashedPassword(person, badge.PinHash, request.Pin) is Microsoft.AspNetCore.Identity.PasswordVerificationResult.Failed)
        {
            var isLocked = badge.Failed + 1 >= MostFailures;
            await db.Execute($"update access.badge set failed = {(isLocked ? 0 : badge.Failed + 1)}, locked_until = {(isLocked ? db.Now + Locked : null)}::timestamptz where person_id = {person.Id}", ct);
            return new SignIn.Answer(null, null, isLocked);
        }

        if (Pins.Administers((await RoleSet.Of(db, ct)).PermissionsOf(person.Roles))) return GiveBadge.NotForAdministrators;
        db.Queue($"update access.badge set failed = 0, locked_until = null where person_id = {person.Id} and failed > 0");
        db.Queue($"update access.session set ended_at = {db.Now}, ended_by = {person.Name} where device_id = {device.Id} and ended_at is null");
        var session = await entrance.Open(person, "badge", new(device.Name, request.Address), ct, device.IdleMinutes);
        await db.Execute($"update access.session set device_id = {device.Id} where id = {session}", ct);
        return new SignIn.Answer(person.Id, session, false);
    }

    private sealed record Device(Guid Id, string Name, int IdleMinutes);

    private sealed record Badge(Guid PersonId, string PinHash, int Failed, DateTimeOffset? LockedUntil);
}

/// The devices that many share.
[View("access.devices", AccessPermissions.ReadUsers, Sort = "-registered-at")]
internal sealed class DeviceList : IView<DeviceList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Name { get; init; }
        public required int IdleMinutes { get; init; }
        public required string RegisteredBy { get; init; }
        public required DateTimeOffset RegisteredAt { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
        [Title("Who is in")] public string? Who { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select d.id, d.name, d.idle_minutes, d.registered_by, d.registered_at, d.last_used_at,
          (select p.name from access.session s join access.person p on p.id = s.person_id where s.device_id = d.id and s.ended_at is null order by s.begun_at desc limit 1) as who,
          case when d.ended_at is null then 'in use' else 'ended' end as state
        from access.shared_device d
        """;
}

/// The short secret beside a badge.
internal static class Pins
{
    public static readonly Error Weak = Error.Invalid("access.pin-weak", "A PIN is four to ten figures, not all the same and not in a row.", new FieldError("pin", "is four to ten figures, not all the same and not in a row."));

    public static Error? Refused(string pin)
    {
        if (pin.Length is < 4 or > 10 || !pin.All(char.IsAsciiDigit)) return Weak;
        var steps = pin.Zip(pin.Skip(1), (a, b) => b - a).Distinct().ToArray();
        return steps is [0 or 1 or -1] ? Weak : null;
    }

    public static byte[] DigestOf(string badge) => InvitationLink.DigestOf(badge.Trim().ToUpperInvariant());

    /// Whether somebody with these permissions could let others in, or in more.
    public static bool Administers(IReadOnlySet<string> permissions)
    {
        var actor = new Actor(ActorKind.Person, Guid.Empty, "") { Permissions = [.. permissions] };
        return new[] { AccessPermissions.Users, AccessPermissions.Roles, AccessPermissions.Keys, AccessPermissions.Devices }.Any(actor.May);
    }
}
