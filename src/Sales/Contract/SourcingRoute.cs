using System.ComponentModel.DataAnnotations;
using Keel.Ui;

namespace Keel.Sales.Contract;

/// The orders that it is for (what is not named is not asked), and the rules that are tried for them, one after the other.
public sealed record SourcingRoute(
    [Required, MaxLength(60)] string Name, [Required, MinLength(1), MaxLength(12)] IReadOnlyList<SourcingRule> Rules,
    [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null, [MaxLength(100)] IReadOnlyList<string>? Countries = null, [MaxLength(100)] IReadOnlyList<string>? Categories = null,
    Money? From = null, Money? Below = null, int? PriorityUpTo = null)
{
    internal bool Fits(RouteAsked order) =>
        Names(Channels, c => c == order.Channel.Code) && Names(Countries, c => string.Equals(c, order.Country, StringComparison.OrdinalIgnoreCase))
        && Names(Categories, c => order.Lines.Any(l => string.Equals(l.Category, c, StringComparison.OrdinalIgnoreCase)))
        && (From is not { } from || from.Currency == order.Value.Currency && order.Value >= from) && (Below is not { } below || below.Currency == order.Value.Currency && order.Value < below)
        && (PriorityUpTo is not { } rank || order.Rank <= rank);

    private static bool Names<T>(IReadOnlyList<T>? asked, Func<T, bool> named) => asked is not { Count: > 0 } || asked.Any(named);
}

/// Which sites may send, what makes one better than another, and how far an order may be split. With `Whole` it is followed only where it gives everything, even as
/// the last rule; without it the last rule gives what is there.
public sealed record SourcingRule(
    [Required, MaxLength(60)] string Name, [MaxLength(3)] IReadOnlyList<SiteKind>? Kinds = null, [MaxLength(100)] IReadOnlyList<NodeCode>? Sites = null, [MaxLength(100)] IReadOnlyList<NodeCode>? Without = null,
    bool SameCountry = false, [Range(0, 365)] int? WithinDays = null, bool InTime = false,
    SourcingSort First = SourcingSort.Channel, SourcingSort? Then = null, SourcingSort? Last = null,
    [Range(1, 50)] int MostParcels = 3, Money? SplitFrom = null, Money? SplitCosts = null, [Range(0, 1_000_000)] int KeepsBack = 0, bool Whole = false)
{
    internal IEnumerable<SourcingSort> Sort => new[] { First, Then, Last }.OfType<SourcingSort>().Distinct();
}

/// What makes a site better than another one.
public enum SourcingSort
{
    /// The order in which the channel names its sites.
    [Shown(StateRole.Idle, "The channel's order")]
    Channel,

    /// The least that shipping and handling cost.
    [Shown(StateRole.Idle, "Least cost")]
    Cost,

    /// The earliest day on which it is there.
    [Shown(StateRole.Idle, "Earliest arrival")]
    Arrival,

    /// The earliest day on which it leaves.
    [Shown(StateRole.Idle, "Earliest departure")]
    Departure,

    /// The fewest days on the road.
    [Shown(StateRole.Idle, "Nearest")]
    Nearest,

    /// The most that is left to do that day.
    [Shown(StateRole.Idle, "Least busy")]
    Load,

    /// The most units left after it.
    [Shown(StateRole.Idle, "Most stock")]
    Stock,
}
