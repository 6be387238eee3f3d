namespace Keel.Kernel;

/// A legal entity with books of its own. Every owned row carries its key.
[Rows("kernel.company", "id")]
public sealed record Company(Id<Company> Id, string Code, string Name, string Country, Currency Currency, string Zone);

/// A node that holds or sells goods: a warehouse, a store, a third party. Its zone decides which business day it is there.
[Rows("kernel.site", "company_id", "code")]
public sealed record Site(Id<Company> CompanyId, NodeCode Code, string Name, SiteKind Kind, SiteAuthority Authority, string Country, string Zone, [property: Json] SiteCalendar Calendar);

public enum SiteKind
{
    Warehouse,
    Store,
    ThirdParty,

    /// A supplier that sends to our customers directly; what it states is its stock there.
    Supplier,
}

/// Whose word counts on what a node holds: Keel's book, or the reports of the one who runs it.
public enum SiteAuthority
{
    Keel,
    External,
}

/// The days on which a node works (ISO weekday numbers, Monday 1), its cut-off in local time, and the days on which it is closed.
public sealed record SiteCalendar(IReadOnlyList<int> Weekdays, TimeOnly CutOff, IReadOnlyList<DateOnly> Closed)
{
    public static readonly SiteCalendar Standard = new([1, 2, 3, 4, 5], new TimeOnly(16, 0), []);

    public bool Works(DateOnly day) => Weekdays.Contains(day.DayOfWeek is DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek) && !Closed.Contains(day);

    /// The first working day on which something that was ready at this local time leaves.
    public DateOnly ShipDay(DateTime local)
    {
        var day = DateOnly.FromDateTime(local);
        if (TimeOnly.FromDateTime(local) > CutOff) day = day.AddDays(1);
        for (var i = 0; i < 366 && !Works(day); i++) day = day.AddDays(1);
        return day;
    }
}

/// A way to sell: own shop, marketplace, sales desk, B2B portal, till. What a channel states (price paid, tax, promise) is kept as fact.
[Rows("kernel.channel", "company_id", "code")]
public sealed record Channel(Id<Company> CompanyId, ChannelCode Code, string Name, ChannelKind Kind, Currency Currency, bool PricesIncludeTax, [property: Json] IReadOnlyList<NodeCode> Nodes, int Priority, string Owner)
{
    /// An order from a marketplace is already a commitment: it is never refused for lack of goods.
    public bool IsMarketplace => Kind is ChannelKind.Marketplace;
}

public enum ChannelKind
{
    OwnShop,
    Marketplace,
    SalesDesk,
    B2B,
    Till,
}
