using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Which new orders, and which edits of orders, somebody has a look at, and which are only marked.
public sealed record OrderChecks([MaxLength(50)] IReadOnlyList<OrderCheck> Checks) : IPolicy<OrderChecks>
{
    public static string Kind => "order-checks";
    public static OrderChecks AsDelivered => new([]);
    public static string Says => "What new orders are checked for, channel by channel, and what becomes of those in doubt: they are marked, or wait in a queue until somebody has looked.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order", "sales.change-order"];
}

/// What was found doubtful about an order when it came in. Never changed: what became of it stands in its case.
[Rows("sales.order_check", "order_id", "name")]
internal sealed record FoundDoubtful(Id<Order> OrderId, string Name, Id<Company> CompanyId, CheckEffect Effect, string Sentence, int PolicyVersion, DateTimeOffset At, Guid Operation, Guid? OtherOrder = null);

/// What a check doubts about a new order; of a repetition, the other order.
internal sealed record Doubt(string Name, CheckEffect Effect, string Sentence, Guid? OtherOrder = null);
