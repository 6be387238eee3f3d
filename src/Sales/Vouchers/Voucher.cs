using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Keel.Sales.Contract;
using Keel.Ui;

namespace Keel.Sales;

/// A gift card or a customer's store credit: what is owed, and until when it can be spent. The balance follows the book.
[Rows("sales.voucher", "id")]
internal sealed record Voucher(
    Id<Voucher> Id, Id<Company> CompanyId, string Number, VoucherKind Kind, string? CodeDigest, string? LastFour, Guid? CustomerId, Money Balance, Currency Currency, DateOnly IssuedOn, DateOnly? ExpiresOn,
    DateTimeOffset? BlockedAt, string? BlockedWhy, Guid? ReplacedBy, DateTimeOffset CreatedAt, Guid Operation)
{
    public const string RecordKind = "voucher";

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id.Value, Number);

    /// The method of payment under which it stands among an order's payments.
    [NotAColumn]
    public string Method => MethodOf(Kind);

    public static string MethodOf(VoucherKind kind) => kind is VoucherKind.GiftCard ? "gift-card" : "store-credit";

    /// Whether a method of payment is one of these: it is redeemed, not recorded.
    public static bool Is(string method) => method.Trim().ToLowerInvariant() is "gift-card" or "store-credit";
}

/// One step of a voucher's book, never changed.
[Rows("sales.voucher_entry", "id")]
internal sealed record VoucherEntry(
    Guid Id, Id<Company> CompanyId, Id<Voucher> VoucherId, VoucherStep Kind, Money Amount, Currency Currency, Guid? OrderId, Guid? PaymentId, string? Method, string? Reason, DateTimeOffset At, string By, Guid Operation);

/// For how long gift cards can be spent.
public sealed record GiftCardRules([property: Range(0, 600)] int ValidMonths) : IPolicy<GiftCardRules>
{
    public static string Kind => "gift-cards";
    public static GiftCardRules AsDelivered => new(36);
    public static string Says => "For how many months a gift card can be spent where nobody says another day; 0 means for ever. What is left then becomes income. Check what the law allows where you sell.";
    public static IReadOnlyList<string> UsedBy => ["sales.issue-gift-card"];
}

/// The code of a gift card: sixteen signs that nobody confuses, eighty bits. It is said once and only its digest is kept.
internal static class CardCode
{
    private const string Signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    public static string Draw() => string.Join('-', RandomNumberGenerator.GetString(Signs, 16).Chunk(4).Select(c => new string(c)));

    /// As it was drawn, however it was typed.
    public static string Plain(string code) => string.Concat(code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit));

    public static string DigestOf(Id<Company> company, string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{company}:{Plain(code)}")));
}
