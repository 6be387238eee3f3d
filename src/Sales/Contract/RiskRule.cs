using System.ComponentModel.DataAnnotations;
using Keel.Ui;

namespace Keel.Sales.Contract;

/// Points for one sign. What `From` counts depends on the sign; without it the usual holds.
public sealed record RiskRule(
    RiskSign Sign, [Range(1, 100)] int Points, [Range(typeof(decimal), "0", "100000", ParseLimitsInInvariantCulture = true, ErrorMessage = "is between 0 and 100000.")] decimal? From = null);

/// What an order, or the past of its customer, can show.
public enum RiskSign
{
    /// So many orders of the customer, or of the same mailbox, within an hour, this one included: 3.
    [Shown(StateRole.Idle, "Many orders within an hour")]
    OrdersInHour,

    /// The same within a day: 6.
    [Shown(StateRole.Idle, "Many orders within a day")]
    OrdersInDay,

    /// So many orders of other customers to the same street and number within a day: 2.
    [Shown(StateRole.Idle, "Others send to the same address")]
    SharedAddress,

    /// The customer has ordered nothing before.
    [Shown(StateRole.Idle, "First order")]
    FirstOrder,

    /// So many times the customer's usual order, or the company's where the customer has none: 5.
    [Shown(StateRole.Idle, "Unusual value")]
    UnusualValue,

    /// The customer's own address is in another country than the goods go to.
    [Shown(StateRole.Idle, "Goods go to another country")]
    OtherCountry,

    /// The mailbox is at one of the policy's domains for throwing away.
    [Shown(StateRole.Idle, "Disposable mail address")]
    DisposableMail,

    /// So many digits in the mailbox's name: 5.
    [Shown(StateRole.Idle, "Mail address full of digits")]
    DigitsInMail,

    /// A phone with fewer digits than that: 7.
    [Shown(StateRole.Idle, "Phone too short")]
    ShortPhone,

    /// So many payments of the customer that failed, of the last fifty orders: 2.
    [Shown(StateRole.Idle, "Payments failed before")]
    FailedPayments,

    /// So many per cent of the units that the customer ever got came back, of ten or more: 50.
    [Shown(StateRole.Idle, "Sends much back")]
    ManyReturns,
}
