namespace Keel.Stock;

/// Why stock is put right, what the books call that, and which differences pass without a second look.
[Rows("stock.reason", "company_id", "code")]
internal sealed record Reason(
    Id<Company> CompanyId, ReasonCode Code, string Name, string? PostsAs = null, Quantity? MostUnits = null, decimal? MostPercent = null, decimal? MostValue = null, bool NeedsYes = false,
    DateTimeOffset? ClosedAt = null, int Version = 1)
{
    public const string RecordKind = "reason";

    /// What somebody counted.
    public static readonly ReasonCode Counted = "count";

    /// Those that the house itself writes down: counts, what transfers lose and find, opening stock.
    public static readonly IReadOnlySet<ReasonCode> Own = new HashSet<ReasonCode> { "count", "found", "lost", "opening" };

    [NotAColumn]
    public bool IsClosed => ClosedAt is not null;

    [NotAColumn]
    public bool HasTolerance => MostUnits is not null || MostPercent is not null || MostValue is not null;

    /// The last word of the role that the books post it under.
    [NotAColumn]
    public string Posting => PostsAs ?? Code.Text;

    /// A difference passes where it stays within each bound that is named. Where none is named, none passes.
    public bool Allows(Quantity difference, Quantity book, Money value) => difference.IsZero || (HasTolerance
        && !(Math.Abs(difference.Thousandths) > MostUnits?.Thousandths)
        && !(Math.Abs(difference.Units) * 100 > MostPercent * book.Units)
        && !(Math.Abs(value.Amount) > MostValue));

    /// The tolerance as people say it: `up to 5 units, 2 %`.
    [NotAColumn]
    public string Tolerance => string.Join(", ", new[]
    {
        MostUnits is { } units ? $"{units} units" : null, MostPercent is { } percent ? $"{percent:0.####} %" : null, MostValue is { } value ? $"a value of {value:0.##}" : null,
    }.OfType<string>());
}

/// The reasons of a company, kept in memory as settings are.
internal sealed class Reasons
{
    public static readonly Error Unknown = Error.NotFound("stock.reason-unknown", "There is no reason with this code. Choose one of the list.");
    public static readonly Error Closed = new("stock.reason-closed", "This reason is closed. Choose another.");

    private Reasons(IReadOnlyList<Reason> all) => (All, ByCode) = (all, all.ToDictionary(r => r.Code));

    public IReadOnlyList<Reason> All { get; }

    public IReadOnlyDictionary<ReasonCode, Reason> ByCode { get; }

    public static Task<Reasons> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    /// Why nothing can be put right for this reason, or nothing.
    public Error? Wrong(ReasonCode code) => !ByCode.TryGetValue(code, out var reason)
        ? Unknown.With($"There is no reason {code}. Choose one of: {string.Join(", ", All.Where(r => !r.IsClosed).Select(r => r.Code))}.")
        : reason.IsClosed ? Closed.With($"The reason {code} is closed. Choose another.") : null;

    private static async Task<Reasons> Load(KeelDb db, CancellationToken ct) => new(await db.Table<Reason>().Where($"company_id = {db.Company} order by code", ct));
}
