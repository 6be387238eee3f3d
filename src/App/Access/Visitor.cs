namespace Keel.App.Access;

/// Somebody at a door: who it is, and for which company they come where that is settled.
internal sealed record Visitor(Actor Actor)
{
    public static readonly Visitor Nobody = new(Actor.Nobody);

    public Id<Company>? Company { get; init; }

    /// Changes with password and roles; an older cookie opens nothing.
    public string Stamp { get; init; } = "";

    public bool IsKnown => Actor.Kind is not ActorKind.Nobody;
}
