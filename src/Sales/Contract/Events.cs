using Keel.Kernel.Views;
using Keel.Pricing.Contract;
using Keel.Ui;

namespace Keel.Sales.Contract;

/// Net revenue of one SKU, or of a service such as shipping (then the SKU is null and the kind says which).
public sealed record RevenueLine(Sku? Sku, string Kind, Quantity Quantity, Money Net);

/// A customer invoice or credit note was issued; its number follows. Amounts of a credit note are positive too: the type says the direction.
public sealed record InvoiceIssued(
    DocumentRef Document, bool IsCredit, DocumentRef Order, ChannelCode Channel, ChannelKind ChannelKind, Guid Partner, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt,
    IReadOnlyList<RevenueLine> Lines, IReadOnlyList<TaxTotal> Taxes, Money Net, Money Tax, Money Gross) : IEvent
{
    /// How much of the gross was paid before, and now stands as the customer's deposit.
    public required Money PaidBefore { get; init; }

    /// Set where a marketplace collects the customer's money and owes it to us.
    public bool MarketplaceCollects { get; init; }

    /// The customer's own days to pay, where they have some.
    public int? DaysToPay { get; init; }

    /// The shipment that is invoiced; none for charges alone and for credit notes.
    public DocumentRef? Shipment { get; init; }

    /// Where cost and risk pass to the customer, where the order says so.
    public DeliveryTerm? DeliveryTerm { get; init; }
}

/// The kinds of money facts about an order.
public enum PaymentKind
{
    /// Promised by the bank; nobody owes anything yet, so nothing is posted.
    Authorised,
    Captured,
    Refunded,
}

/// Money moved, or was promised, for an order.
public sealed record PaymentRecorded(
    Guid Payment, PaymentKind Kind, string Method, Money Amount, DocumentRef Order, ChannelCode Channel, Guid Partner, NodeCode? Node, DateOnly Day, DateTimeOffset HappenedAt) : IEvent
{
    /// How much of a capture settles invoices that are open; the rest is a deposit.
    public required Money SettlesInvoices { get; init; }

    /// How much of a refund comes out of credit notes that are open; the rest comes out of the deposit.
    public Money? SettlesCredits { get; init; }
}

/// What a voucher is.
public enum VoucherKind
{
    [Shown(StateRole.Idle, "Gift card")]
    GiftCard,

    [Shown(StateRole.Idle, "Store credit")]
    StoreCredit,
}

/// What happened to a voucher.
public enum VoucherStep
{
    /// Somebody paid for it.
    [Shown(StateRole.Done, "Issued")]
    Issued,

    /// Given as goodwill: nobody paid for it.
    [Shown(StateRole.Done, "Given")]
    Given,

    [Shown(StateRole.Working, "Redeemed")]
    Redeemed,

    /// An order that it paid gave money back.
    [Shown(StateRole.Done, "Returned")]
    Returned,

    /// From a lost card to its new one.
    [Shown(StateRole.Idle, "Moved")]
    Moved,

    [Shown(StateRole.Late, "Expired")]
    Expired,

    [Shown(StateRole.Waiting, "Corrected")]
    Corrected,
}

/// What is owed to the holder of a voucher changed, other than by an order's payment. A positive amount is owed more.
public sealed record VoucherMoved(DocumentRef Voucher, Guid Entry, VoucherKind Kind, VoucherStep Step, Money Amount, string? Method, Guid? Partner, DateOnly Day, DateTimeOffset HappenedAt) : IEvent;

/// An order was cancelled before its goods left: whoever works on it stops.
public sealed record OrderCancelled(DocumentRef Order, ChannelCode Channel, string Reason) : IEvent;

/// An order that is ours to fulfil, and where it came from.
public sealed record ConfirmedOrder(DocumentRef Order, ChannelCode Channel, DateTimeOffset PlacedAt);

/// Orders came in, or were let go on: they are ours to fulfil.
public sealed record OrdersConfirmed(IReadOnlyList<ConfirmedOrder> Orders) : IEvent;

/// An order came in from a channel and was accepted, in this state; what it lacks is on its way to be settled.
public sealed record OrderPlaced(
    DocumentRef Order, ChannelCode Channel, ChannelKind ChannelKind, string Country, Money Amount, int Lines, Quantity Units, [property: Title("SKUs")] IReadOnlyList<Sku> Skus, DateOnly ShipBy, OrderStatus Status) : IEvent
{
    /// Why it is stopped, where it is.
    public string? Hold { get; init; }

    /// Whether all of it was paid when it came.
    public bool IsPaid { get; init; }

    /// The categories of its goods, so that a rule can be for some lines of products only.
    public IReadOnlyList<string> Categories { get; init; } = [];
}

/// An order was stopped until a person decides, by itself or by hand.
public sealed record OrderHeld(DocumentRef Order, ChannelCode Channel, Money Amount, string Hold, string Reason) : IEvent;
