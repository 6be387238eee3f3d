using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Keel.Sales.Contract;
using Microsoft.AspNetCore.DataProtection;

namespace Keel.Sales;

/// Where customers reach this house. Mails to them carry links that begin with it; without it they carry none.
public sealed record CustomerLinks(
    [property: MaxLength(200), RegularExpression(@"^(https?://[A-Za-z0-9.\-:\[\]]+)?$", ErrorMessage = "is an address such as https://orders.example.org, without anything behind it.")] string? Address = null) : IPolicy<CustomerLinks>
{
    public static string Kind => "customer-links";
    public static CustomerLinks AsDelivered => new();
    public static string Says => "Where customers reach this house from outside: links in mails, by which they accept quotes and correct addresses, begin with it. Without it mails carry no links, and customers answer them.";
    public static IReadOnlyList<string> UsedBy => ["sales.send-quotes", "sales.ask-customers"];
}

/// What a link is about: which quote in which version, or which order, of which company, and until when it opens anything.
internal sealed record CustomerLink(CustomerAsk Ask, Id<Company> Company, Guid Subject, int Version, DateTimeOffset Until);

/// Makes and reads links. What a link says is sealed: nobody guesses one, changes one, or needs a table of them.
internal sealed class LinkSeal(IDataProtectionProvider protection, Policies policies)
{
    private const int Length = 1 + 16 + 16 + 4 + 8;
    private readonly IDataProtector seal = protection.CreateProtector("keel.customer-link");

    /// The whole address of a link; nothing where customers cannot reach this house.
    public async Task<string?> Make(CustomerLink link, CancellationToken ct) =>
        (await policies.Of<CustomerLinks>(ct)).Choice.Address is { Length: > 0 } house ? $"{house}/c/{TokenOf(link)}" : null;

    public string TokenOf(CustomerLink link)
    {
        var words = new byte[Length];
        words[0] = (byte)link.Ask;
        link.Company.Value.TryWriteBytes(words.AsSpan(1));
        link.Subject.TryWriteBytes(words.AsSpan(17));
        BitConverter.TryWriteBytes(words.AsSpan(33), link.Version);
        BitConverter.TryWriteBytes(words.AsSpan(37), link.Until.ToUnixTimeSeconds());
        return Base64Url.EncodeToString(seal.Protect(words));
    }

    /// What a token says; nothing where it is none of ours.
    public CustomerLink? Read(string token)
    {
        if (token.Length > 400 || !Base64Url.IsValid(token)) return null;
        try
        {
            var words = seal.Unprotect(Base64Url.DecodeFromChars(token));
            return words.Length != Length ? null : new CustomerLink(
                (CustomerAsk)words[0], new Id<Company>(new Guid(words.AsSpan(1, 16))), new Guid(words.AsSpan(17, 16)), BitConverter.ToInt32(words, 33), DateTimeOffset.FromUnixTimeSeconds(BitConverter.ToInt64(words, 37)));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
