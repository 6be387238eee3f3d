namespace Keel.App.Access;

/// Somebody at a door: who it is, and for which company they come where that is settled.
internal sealed record Visitor(Actor Actor)
{
    public static readonly Visitor Nobody = new(Actor.Nobody);

    public Id<Company>? Company { get; init; }

    /// Changes with password and roles; a session that began before opens nothing.
    public string Stamp { get; init; } = "";

    /// The session that the cookie names; a program has none.
    public Guid? Session { get; init; }

    /// The language that the person chose for the pages; null follows the browser.
    public string? Language { get; init; }

    /// A role wants a second factor, and there is none yet.
    public bool LacksSecondFactor { get; init; }

    /// Came in by a password alone where a role wants more: may look after the own account, and nothing else.
    public bool IsHalf { get; init; }

    public bool IsKnown => Actor.Kind is not ActorKind.Nobody;
}
