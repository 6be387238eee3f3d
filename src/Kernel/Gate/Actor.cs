using System.Collections.Frozen;

namespace Keel.Kernel;

/// Who acts: a person, an API key, a rule, a job, a channel. It carries what it may do, where.
public sealed record Actor(ActorKind Kind, Guid Id, string Name)
{
    /// Nobody: may do nothing.
    public static readonly Actor Nobody = new(ActorKind.Nobody, Guid.Empty, "nobody");

    /// Keel itself, for jobs, migrations and the simulator: may do everything.
    public static readonly Actor Keel = new(ActorKind.System, new Guid("6b65656c-0000-7000-8000-000000000001"), "Keel") { Permissions = FrozenSet.Create(StringComparer.Ordinal, "*") };

    /// Permission names such as `stock.adjust`; `stock.*` gives a module's, `*` all.
    public FrozenSet<string> Permissions { get; init; } = FrozenSet<string>.Empty;

    /// The roles that the permissions come from; a program has none.
    public FrozenSet<string> Roles { get; init; } = FrozenSet<string>.Empty;

    /// What a person signs in as: an e-mail address.
    public string? Account { get; init; }

    /// The companies that the actor may act for; null means all.
    public FrozenSet<Guid>? Companies { get; init; }

    /// The nodes that the actor may act on; null means all.
    public FrozenSet<string>? Nodes { get; init; }

    /// The channels whose orders the actor may see and work on; null means all.
    public FrozenSet<string>? Channels { get; init; }

    /// How far the actor's work goes.
    public Reach Reach => Nodes is null && Channels is null ? Reach.Everywhere : new Reach(Nodes, Channels);

    /// The teams that the actor belongs to, named as roles are: cases of a team are seen by all of it.
    public FrozenSet<string> Teams { get; init; } = FrozenSet<string>.Empty;

    /// The person who answers for what a rule does; null for everybody who acts for themselves.
    public Guid? InNameOf { get; init; }

    public bool May(string permission)
    {
        if (Permissions.Contains(permission) || Permissions.Contains("*")) return true;
        for (var dot = permission.LastIndexOf('.'); dot > 0; dot = permission.LastIndexOf('.', dot - 1))
        {
            if (Permissions.Contains(permission[..dot] + ".*")) return true;
        }

        return false;
    }

    public bool MayAt(NodeCode node) => Nodes is null || Nodes.Contains(node.Text);

    public bool MayOn(ChannelCode channel) => Channels is null || Channels.Contains(channel.Text);

    /// Stops work at a node that the actor may not act on: the operation is refused and changes nothing.
    public void MustBeAt(NodeCode node)
    {
        if (!MayAt(node)) throw new OutOfReach(node.Text);
    }

    /// Stops work on a channel that is not the actor's: the operation is refused and changes nothing.
    public void MustBeOn(ChannelCode channel)
    {
        if (!MayOn(channel)) throw new OutOfReach(channel.Text);
    }

    public bool MayIn(Id<Company> company) => Companies is null || Companies.Contains(company.Value);
}

/// Work came to a site or a channel that is not the actor's; the gate turns it into a refusal.
public sealed class OutOfReach(string place) : Exception($"{place} is out of reach")
{
    /// The site or the channel.
    public string Place => place;
}

public enum ActorKind
{
    Nobody,
    System,
    Person,
    ApiKey,
    Rule,
    Channel,
}
