using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// What orders that are stopped have of the stock meanwhile.
public sealed record HeldOrders([MaxLength(50)] IReadOnlyList<HoldTerm> Terms) : IPolicy<HeldOrders>
{
    public static string Kind => "held-orders";
    public static HeldOrders AsDelivered => new([]);
    public static string Says => "What stopped orders have of the stock meanwhile, queue by queue: whether one that is stopped as it comes in is promised goods at once, and after how many hours a stopped one gives back what is promised to it. A queue that is not named promises nothing to new orders, and lets the others keep what they have.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order", "sales.let-go-held"];

    internal HoldTerm? Of(string hold) => Terms.FirstOrDefault(t => t.Queue == hold);
}

/// The name of a hold.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneOfHoldsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is null or "" || value is string name && Holds.Names.Contains(name);

    public override string FormatErrorMessage(string name) => $"is one of these: {string.Join(", ", Holds.Names)}.";
}
