using System.ComponentModel.DataAnnotations;

namespace Keel.Sales.Contract;

/// One queue of stopped orders, by the name of its hold. `KeepsHours` is how long an order in it keeps what is promised to it; without a number, until it goes on or ends.
public sealed record HoldTerm([Required, MaxLength(40), OneOfHolds] string Queue, bool ReservesAtOnce = false, [Range(0, 8760)] int? KeepsHours = null);
