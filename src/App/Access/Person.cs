using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Keel.App.Access;

/// Somebody who signs in with a password: what they are called, their roles, and where these hold.
internal sealed class Person : IdentityUser<Guid>
{
    public required string Name { get; set; }
    public required string[] Roles { get; set; }

    /// The companies that the person may act for; null means all.
    public Guid[]? Companies { get; set; }

    /// The sites that the person may act on; null means all.
    public string[]? Nodes { get; set; }

    /// The channels whose orders the person may see and work on; null means all.
    public string[]? Channels { get; set; }

    public bool Disabled { get; set; }

    /// The language of the pages, `de`; null follows the browser.
    public string? Language { get; set; }
}

/// What the identity framework keeps of people; everything else in the house speaks SQL.
internal sealed class AccessDb(DbContextOptions<AccessDb> options) : IdentityUserContext<Person, Guid>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema("access");
        builder.Entity<Person>().ToTable("person");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("person_claim");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("person_login");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("person_token");
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(e => e.GetProperties())) property.SetColumnName(Snake.Of(property.Name));
    }
}

/// People as the operations of sign-in see them: the identity framework's rules, inside the operation's own transaction.
internal sealed class People(KeelDb db, AccessDb access, UserManager<Person> users)
{
    /// The framework's own gate to people, once it has joined the transaction.
    public async Task<UserManager<Person>> Join(CancellationToken ct)
    {
        access.Database.SetDbConnection(await db.Connection(ct));
        access.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        return users;
    }

    /// The framework's complaints about a person or a password, as one refusal.
    public static Error Refusal(IdentityResult result) =>
        Error.Invalid("access.not-accepted", string.Join(' ', result.Errors.Select(e => e.Description)));
}
