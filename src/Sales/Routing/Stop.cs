using Keel.Sales.Contract;

namespace Keel.Sales;

/// A site as the choice sees it for one order: what it has of each line, when it would leave and arrive, what its work and the way cost.
internal sealed class Stop(NodeCode node, int place, Site site, SiteTerms? terms, Lane? lane, DateOnly shipOn, int orders)
{
    /// What is not known sorts behind everything that is.
    private const decimal Unknown = 1_000_000_000_000m;

    public NodeCode Node => node;
    public int Place => place;
    public Site Site => site;
    public SiteTerms? Terms => terms;
    public Lane? Lane => lane;
    public DateOnly ShipOn => shipOn;

    /// How many orders it has for that day already.
    public int Orders => orders;

    /// What it could give to each line, and what keeps the rest from the order.
    public required Quantity[] Available { get; init; }
    public required string?[] Kept { get; init; }

    /// The day on which the last day on the road ends; carriers drive from Monday to Friday.
    public DateOnly? DeliverOn => lane is null ? null : After(shipOn, lane.Days);

    /// What a parcel of so many units and grams costs; nothing where nobody said what the way costs.
    public Money? Cost(Quantity units, long grams) => lane is null ? null
        : lane.Parcel + lane.Kilogram.Times(grams / 1000m) + (terms is null ? Money.Zero(lane.Currency) : terms.HandlingParcel + terms.HandlingUnit.Times(units.Thousandths / 1000m));

    /// How it stands by one measure, the lower the better.
    public decimal Key(SourcingSort sort, Money? cost, Quantity left) => sort switch
    {
        SourcingSort.Channel => place,
        SourcingSort.Cost => cost?.Minor ?? Unknown,
        SourcingSort.Arrival => DeliverOn?.DayNumber ?? Unknown,
        SourcingSort.Departure => shipOn.DayNumber,
        SourcingSort.Nearest => lane?.Days ?? Unknown,
        SourcingSort.Load => terms?.Capacity is > 0 and var most ? (decimal)orders / most : orders / Unknown,
        _ => -left.Thousandths,
    };

    private static DateOnly After(DateOnly day, int workingDays)
    {
        while (workingDays > 0)
        {
            day = day.AddDays(1);
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) workingDays--;
        }

        return day;
    }
}
