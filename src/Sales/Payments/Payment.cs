using Keel.Sales.Contract;

namespace Keel.Sales;

/// Money that moved, or was promised, for an order: a fact, never changed.
[Rows("sales.payment", "id")]
internal sealed record Payment(
    Guid Id, Id<Company> CompanyId, Id<Order> OrderId, PaymentKind Kind, string Method, Money Amount, Currency Currency, string Reference,
    DateTimeOffset HappenedAt, DateOnly Day, Guid Operation, Id<PaymentIntent>? IntentId = null);
