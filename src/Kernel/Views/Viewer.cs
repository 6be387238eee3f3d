namespace Keel.Kernel.Views;

/// Who looks: what they may see, in which zone they read times, and whose data it is. One per request.
public sealed class Viewer(Func<string, bool> may)
{
    /// The permission to see columns marked `[Cost]`.
    public const string SeeCost = "kernel.see-cost";

    /// The permission to see columns marked `[Personal]`.
    public const string SeePersonal = "kernel.see-personal";

    /// The permission to see how much credit customers have.
    public const string SeeCredit = "kernel.see-credit";

    public string Name { get; init; } = "";
    public string Company { get; init; } = "";
    public string Site { get; init; } = "All sites";

    /// The sites and channels whose rows may be seen.
    public Reach Reach { get; init; } = Reach.Everywhere;

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// In which currency an amount is meant that names none.
    public Currency Currency { get; init; } = Currency.Eur;

    /// Whether an address of the house opens for them; a page offers no other.
    public Func<string, bool> Ways { get; init; } = static _ => true;

    public bool Opens(string? href) => href is { Length: > 0 } && (href[0] != '/' || Ways(href));

    public bool May(string permission) => permission.Length == 0 || may(permission);

    internal bool Sees(ViewColumn column) => (column.Guard is null || May(column.Guard)) && (!column.IsPersonal || May(SeePersonal));
}
