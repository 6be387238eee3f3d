using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Keel.App.Access;

/// A program's way in: `keel_<prefix>_<secret>`. Only the digest is kept; the prefix finds it.
internal sealed record ApiKey(
    Guid Id, string Name, string Prefix, byte[] Digest, Id<Company>? CompanyId, string[] Permissions, int? PerSecond, DateTimeOffset? ExpiresAt,
    string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, string[]? Addresses, string[]? Nodes, string[]? Channels)
{
    public const int PrefixLength = 10;
    private const string Start = "keel_";

    /// A new key and the prefix that it is known by.
    public static (string Key, string Prefix) Draw()
    {
        var prefix = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", PrefixLength);
        return ($"{Start}{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}", prefix);
    }

    public static byte[] DigestOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// Whether it may be used from an address; without limits from any.
    public bool MayFrom(IPAddress? address)
    {
        if (Addresses is null) return true;
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(Addresses, a => RangeOf(a) is { } range && range.Contains(plain));
    }

    /// `10.1.0.0/16`, or one address; null where it is neither.
    public static IPNetwork? RangeOf(string text) => IPNetwork.TryParse(text, out var range) ? range
        : IPAddress.TryParse(text, out var one) && !text.Contains('/', StringComparison.Ordinal) ? new IPNetwork(one, one.GetAddressBytes().Length * 8) : null;

    /// The prefix of something that looks like a key.
    public static string? PrefixOf(ReadOnlySpan<char> key) =>
        key.Length is > 20 and < 200 && key.StartsWith(Start) && key[Start.Length + PrefixLength] == '_' ? key.Slice(Start.Length, PrefixLength).ToString() : null;
}
