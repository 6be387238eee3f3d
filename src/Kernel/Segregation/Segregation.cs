using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Which permissions one person should not use together, how strictly, and who is excepted until when. As delivered, the pairs that auditors
/// ask for are listed and nothing is refused: each company says where it is strict.
public sealed record Segregation(
    [MaxLength(100)] IReadOnlyList<SegregatedPair> Pairs, [MaxLength(200)] IReadOnlyList<SegregationException>? Exceptions = null) : IPolicy<Segregation>
{
    public static string Kind => "segregation-of-duties";
    public static string Says => "Which permissions one person should not use together: listed in the report, refused on the same document, or refused when roles are given. Exceptions have an owner, a reason and an end.";
    public static IReadOnlyList<string> UsedBy => ["access.create-user", "access.set-roles", "access.save-role"];

    public static Segregation AsDelivered { get; } = new(
    [
        new("stock.adjust", "sales.invoices.credit"), new("stock.adjust", "partners.suppliers.edit"), new("stock.adjust", "sales.payments.record"), new("stock.adjust", "ledger.post-manually"),
        new("sales.invoices.credit", "partners.suppliers.edit"), new("sales.invoices.credit", "sales.payments.record"), new("sales.invoices.credit", "ledger.post-manually"),
        new("partners.suppliers.edit", "sales.payments.record"), new("partners.suppliers.edit", "ledger.post-manually"), new("sales.payments.record", "ledger.post-manually"),
        new("sales.orders.hold", "sales.orders.confirm"), new("stock.receive", "stock.adjust"), new("access.users", "ledger.post-manually"),
        new("sales.payments.record", "sales.payments.refund"),
    ]);

    /// The pairs of which somebody may do both sides, less what is excepted on the day.
    public IReadOnlyList<SegregatedPair> Conflicts(Func<string, bool> may, string? account, DateOnly day) =>
        [.. Pairs.Where(p => may(p.OnePermission) && may(p.OtherPermission) && !IsExcepted(p, account, day))];

    /// Whether an exception lets somebody use both sides on a day.
    public bool IsExcepted(SegregatedPair pair, string? account, DateOnly day) => account is not null && Exceptions?.Any(e =>
        e.Until >= day && string.Equals(e.SignsInAs, account, StringComparison.OrdinalIgnoreCase) && pair.Is(e.OnePermission, e.OtherPermission)) == true;
}

/// Two permissions and how strictly they are kept apart.
public sealed record SegregatedPair([Required, MaxLength(80)] string OnePermission, [Required, MaxLength(80)] string OtherPermission, Apart Apart = Apart.Listed)
{
    internal bool Is(string one, string other) => (OnePermission, OtherPermission) == (one, other) || (OnePermission, OtherPermission) == (other, one);

    /// The other side of a permission, or nothing where the pair does not speak of it.
    internal string? OtherOf(string permission) => permission == OnePermission ? OtherPermission : permission == OtherPermission ? OnePermission : null;
}

/// How strictly two permissions are kept apart.
public enum Apart
{
    /// The report lists who may do both.
    Listed,

    /// Who did one on a document does not do the other on it.
    OnTheSameDocument,

    /// Nobody is given both, and nobody does both on a document.
    InOnePerson,
}

/// Somebody who may use both sides until a day, for a reason that an owner answers for.
public sealed record SegregationException(
    [Required, MaxLength(200)] string SignsInAs, [Required, MaxLength(80)] string OnePermission, [Required, MaxLength(80)] string OtherPermission,
    [Required, MaxLength(60)] string Owner, [Required] DateOnly Until, [Required, MinLength(3), MaxLength(200)] string Reason);
