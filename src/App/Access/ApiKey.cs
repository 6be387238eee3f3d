using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Keel.App.Access;

/// A program's way in: `keel_<prefix>_<secret>`. Only the digest is kept; the prefix finds it.
internal sealed record ApiKey(
    Guid Id, string Name, string Prefix, byte[] Digest, Id<Company>? CompanyId, string[] Permissions, int? PerSecond, DateTimeOffset? ExpiresAt,
    string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
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

    /// The prefix of something that looks like a key.
    public static string? PrefixOf(ReadOnlySpan<char> key) =>
        key.Length is > 20 and < 200 && key.StartsWith(Start) && key[Start.Length + PrefixLength] == '_' ? key.Slice(Start.Length, PrefixLength).ToString() : null;
}
