using System.Security.Cryptography;
using System.Text;
using Keel.Partners.Contract;

namespace Keel.Partners.Customers;

/// How a returning partner is known again: by the channel's own number for it, else by its mail address, else by name and place.
internal static class Identity
{
    /// The one customer of a company who never says who it is: till sales, gifts.
    public const string Anonymous = "anonymous";

    public static string Of(ChannelCode channel, Contact? contact) =>
        contact is null ? Anonymous : contact.Reference is { Length: > 0 } reference ? $"{channel}:{reference.Trim()}" : Of(contact);

    public static string Of(Contact contact)
    {
        if (contact.Email is { Length: > 0 } email) return "mailto:" + email.Trim().ToLowerInvariant();
        // Only a digest: a marketplace that hides mail addresses still sends the same name and place for the same person.
        var words = string.Join('|', contact.Name, contact.Address?.Line1, contact.Address?.PostalCode, contact.Address?.Country)
            .ToLowerInvariant();
        var plain = string.Concat(words.Where(c => char.IsLetterOrDigit(c) || c == '|'));
        return "person:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plain)));
    }

    /// What stands in its place when the person was erased.
    public static string Erased(Id<Partner> partner) => $"erased:{partner}";
}
