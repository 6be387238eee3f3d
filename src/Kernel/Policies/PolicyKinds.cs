using System.Security.Cryptography;
using System.Text;

namespace Keel.Kernel;

/// A kind of policy as a module declared it.
public sealed record PolicyKind(string Kind, Type Type, string Says, IReadOnlyList<string> UsedBy, object AsDelivered)
{
    /// The id under which a company's policy is a subject of approvals and decisions.
    public static Guid IdOf(Id<Company> company, string kind) => new(SHA256.HashData([.. company.Value.ToByteArray(), .. Encoding.UTF8.GetBytes(kind)]).AsSpan(0, 16));
}

/// The policies that the modules declared, by kind.
public sealed class PolicyKinds(IReadOnlyDictionary<string, PolicyKind> kinds)
{
    /// Every kind, by name.
    public IReadOnlyList<PolicyKind> All { get; } = [.. kinds.Values.OrderBy(k => k.Kind, StringComparer.Ordinal)];

    /// The kind of this name, or nothing.
    public PolicyKind? Find(string kind) => kinds.GetValueOrDefault(kind);
}
