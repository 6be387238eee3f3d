namespace Keel.Kernel;

/// Looks after the names in a choice: a policy for a channel, an operation or a permission that does not exist would never hold, or hold everything up.
internal static class PolicyNames
{
    public static IReadOnlyList<FieldError> Unknown(object choice, Network network, ModuleCatalog catalog, IReadOnlyCollection<string> roles) =>
        [.. RequestShape.Leaves(choice).Select(leaf => Wrong(leaf.Name, leaf.Value, network, catalog, roles) is { } wrong ? new FieldError("choice." + leaf.Path, wrong) : null).OfType<FieldError>()];

    /// Roles may have levels of approval of their own, under whatever name.
    private const string Levels = "kernel.approvals.";

    private static string? Wrong(string name, object value, Network network, ModuleCatalog catalog, IReadOnlyCollection<string> roles) => value switch
    {
        string domain when name is "domain" => catalog.Modules.SelectMany(m => m.AllDomains).Any(d => d.Name == domain) ? null : $"There is no domain of master data {domain}.",
        ChannelCode channel when !network.Channels.ContainsKey(channel) => $"There is no channel {channel}.",
        NodeCode node when !network.Sites.ContainsKey(node) => $"There is no site {node}.",
        string operation when name is "operation" => catalog.Find(operation) is not { } known ? $"There is no operation {operation}."
            : known.MayWait ? null : $"{known.Title} never waits: it does not say beforehand what it would do.",
        string role when name is "roles" or "role" && !roles.Contains(role) => $"There is no role {role}. Known are {string.Join(", ", roles.Order(StringComparer.Ordinal))}.",
        string type when name is "recordType" && catalog.Retained.All(r => r.Name != type) => $"There is no record type {type}. Known are {string.Join(", ", catalog.Retained.Select(r => r.Name))}.",
        string measure when name is "tiles" or "measures" && catalog.Modules.SelectMany(m => m.AllMeasures).All(m => m.Name != measure) => $"There is no measure {measure}. Look at Insight, Measures.",
        string permission when name.EndsWith("ermission", StringComparison.Ordinal) && !catalog.Permissions.Contains(permission) && !permission.StartsWith(Levels, StringComparison.Ordinal) => $"No operation or page asks for the permission {permission}: nobody could be found to decide.",
        _ => null,
    };
}
