using System.ComponentModel.DataAnnotations;
using Keel.Ui;

namespace Keel.Sales.Contract;

/// One check of new orders: what it looks at, from where on it doubts, and what becomes of the order then. Without channels it is for all but marketplaces, whose orders are commitments
/// already: a check is for one of them only where it names it.
public sealed record OrderCheck(
    CheckKind Check, CheckEffect Effect, [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null, Money? From = null,
    [Range(typeof(decimal), "0", "1000", ParseLimitsInInvariantCulture = true, ErrorMessage = "is between 0 and 1000.")] decimal? Percent = null, [Range(1, 1_000_000)] int? Units = null,
    [Range(1, 720)] int? Hours = null, [MaxLength(500)] IReadOnlyList<string>? Goods = null, [MaxLength(250)] IReadOnlyList<string>? Countries = null,
    [Range(2, 1_000_000)] int? Multiple = null)
{
    internal bool IsFor(Channel channel) => Channels is { Count: > 0 } some ? some.Contains(channel.Code) : !channel.IsMarketplace;
}

/// What a check looks at.
public enum CheckKind
{
    /// An order of `From` or more, tax included.
    [Shown(StateRole.Idle, "High value")]
    HighValue,

    /// A price that was stated and is more than so many per cent below the list's.
    [Shown(StateRole.Idle, "Price below the list")]
    BelowList,

    /// A line that brings less than its cost and so many per cent of it, without tax.
    [Shown(StateRole.Idle, "Margin too small")]
    LowMargin,

    /// A line of so many units or more.
    [Shown(StateRole.Idle, "Very many units")]
    ManyUnits,

    /// An address that does not keep the rules of its country: what it must have, and how its postal code is written. What is only written untidily is tidied.
    [Shown(StateRole.Idle, "Address")]
    Address,

    /// The same customer ordered the same goods for the same total within `Hours`, a day where nobody says otherwise.
    [Shown(StateRole.Idle, "Repeated order")]
    Repeated,

    /// The customer is blocked.
    [Shown(StateRole.Idle, "Blocked customer")]
    BlockedCustomer,

    /// Goods of `Goods`, SKUs or categories, go to one of `Countries`; without countries to anywhere.
    [Shown(StateRole.Idle, "Restricted goods")]
    Restricted,

    /// No number of the customer's purchase order, or one that they gave with another order within `Hours`, thirty days where nobody says otherwise.
    [Shown(StateRole.Idle, "Purchase order")]
    PurchaseOrder,

    /// An order of less than `From`, tax included; or a line of fewer than `Units`, or of other than whole multiples of `Multiple`: of `Goods`, SKUs or categories, or of any.
    [Shown(StateRole.Idle, "Below the minimum")]
    BelowMinimum,
}

/// What becomes of an order that a check doubts.
public enum CheckEffect
{
    /// It is kept with the order and shown; the order goes on.
    [Shown(StateRole.Waiting, "Warn")]
    Warn,

    /// The order waits until somebody has looked.
    [Shown(StateRole.Held, "Hold")]
    Hold,
}
