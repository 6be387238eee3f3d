using Keel.Ui;

namespace Keel.Sales;

/// What can change on an order after it came in.
internal enum ChangeKind
{
    [Shown(StateRole.Done, "Quantity")]
    Quantity,

    [Shown(StateRole.Done, "Price")]
    Price,

    [Shown(StateRole.Done, "Added")]
    Added,

    [Shown(StateRole.Idle, "Cancelled")]
    Cancelled,

    /// What is left of a line goes on as another one, with its own amounts.
    [Shown(StateRole.Done, "Goes on as a line of its own")]
    GoesOn,

    [Shown(StateRole.Done, "Address")]
    Address,

    [Shown(StateRole.Done, "Total")]
    Total,
}

/// One thing that changed: of which line, and what it was before and after. An address is personal and is not told here.
internal sealed record OrderChange(ChangeKind Kind, int? Line, string? Name, string? Before, string? After);

/// What one edit changed on an order, who did it, when and why. Never changed.
[Rows("sales.order_version", "order_id", "version")]
internal sealed record OrderVersion(
    Id<Order> OrderId, int Version, Id<Company> CompanyId, DateTimeOffset At, string By, string Reason, [property: Json] IReadOnlyList<OrderChange> Changes, Guid Operation);

/// Says in a dry run what an edit would change.
internal sealed class ForetellChanges : IForetell
{
    public ValueTask<IReadOnlyList<Foretold>> Tell(Made made, CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<Foretold>>(
        [.. made.Of<OrderVersion>().SelectMany(v => v.Changes).Select(c => new Foretold("Order", Sentence(c)))]);

    private static string Sentence(OrderChange change) => change.Kind switch
    {
        ChangeKind.Quantity => $"{change.Name}: {change.After} instead of {change.Before}.",
        ChangeKind.Price => $"{change.Name}: costs {change.After} instead of {change.Before}.",
        ChangeKind.Added => $"{change.Name}: {change.After} more.",
        ChangeKind.Cancelled => $"{change.Name}: {change.Before} are cancelled.",
        ChangeKind.GoesOn => $"{change.Name}: the rest goes on as a line of its own.",
        ChangeKind.Address => "It goes to another address.",
        _ => $"The total is {change.After} instead of {change.Before}.",
    };
}
