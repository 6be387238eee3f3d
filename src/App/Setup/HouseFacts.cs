using Keel.Kernel.Views;
using Keel.Pricing.Contract;
using Keel.Sales;
using static Keel.Kernel.Words;

namespace Keel.App.Setup;

/// What a company that is at work shows of itself: the answers that its own data and policies give, each with the fact in words. A company
/// without orders shows nothing.
internal sealed class HouseFacts(KeelDb db, Settings settings, Policies policies)
{
    private const int Days = 90;

    /// The answers, and under each question's field what they are read from.
    public sealed record Known(CompanyProfile Answers, IReadOnlyDictionary<string, string> Says)
    {
        public static readonly Known Nothing = new(new CompanyProfile(), new Dictionary<string, string>());
    }

    private sealed record Sold(string Country, ChannelCode Channel, long Orders);

    private sealed record Counted(long People, DateOnly? First, long Recent);

    public async Task<Known> Load(CancellationToken ct = default)
    {
        if (db.Company.IsEmpty) return Known.Nothing;
        var network = await Network.Of(settings, ct);
        var today = network.Day(db.Now);
        var counted = db.Ask<Counted>(
            $"""
            select (select count(*) from access.person where not disabled) as people, (select min(day) from sales.pub_order where company_id = {db.Company}) as first,
              (select count(*) from sales.pub_order where company_id = {db.Company} and day > {today.AddDays(-Days)}) as recent
            """);
        var sold = await db.Query<Sold>(
            $"select country, channel, count(*) as orders from sales.pub_order where company_id = {db.Company} and day > {today.AddDays(-Days)} group by country, channel", ct);
        if (counted.Value[0] is not { Recent: > 0, First: { } first } figures) return Known.Nothing;

        var says = new Dictionary<string, string>();
        var perDay = Math.Max(1, figures.Recent / Math.Clamp(today.DayNumber - first.DayNumber + 1, 1, Days));
        says["ordersADay"] = T($"{perDay} orders a day in the last {Days} days.");
        says["people"] = T($"{figures.People} people may sign in.");
        says["sellsThrough"] = T($"Channels: {string.Join(", ", network.Channels.Values.Select(c => c.Name).Order(StringComparer.Ordinal))}.");
        says["goodsLie"] = T($"Sites: {string.Join(", ", network.Sites.Values.Select(s => s.Name).Order(StringComparer.Ordinal))}.");
        var across = sold.Where(s => s.Country != network.Company.Country && Proposals.Union.Contains(s.Country) && Proposals.Union.Contains(network.Company.Country)
            && network.Channels.TryGetValue(s.Channel, out var channel) && channel.Kind is not ChannelKind.B2B).ToArray();
        says["sellsAcrossBorders"] = across.Length == 0 ? T($"No order of a private person went to another country of the Union in {Days} days.")
            : T($"{across.Sum(s => s.Orders)} orders of private people went to {string.Join(", ", across.Select(s => s.Country).Distinct().Order(StringComparer.Ordinal))} in {Days} days.");
        return new Known(await ByPolicies(says, ct) with
        {
            SellsThrough = [.. network.Channels.Values.Select(c => Through(c.Kind)).Distinct().Order()],
            GoodsLie = [.. network.Sites.Values.Where(s => s.Kind is not SiteKind.Supplier).Select(s => s.Kind switch { SiteKind.Store => GoodsLie.Stores, SiteKind.ThirdParty => GoodsLie.ThirdParty, _ => GoodsLie.OwnWarehouse }).Distinct().Order()],
            OrdersADay = perDay <= 50 ? OrdersADay.UpTo50 : perDay <= 500 ? OrdersADay.UpTo500 : OrdersADay.More,
            People = figures.People switch { 1 => PeopleThere.One, <= 5 => PeopleThere.UpTo5, <= 30 => PeopleThere.UpTo30, _ => PeopleThere.More },
            SellsAcrossBorders = across.Length > 0,
        }, says);
    }

    /// What the policies in force say already.
    private async Task<CompanyProfile> ByPolicies(Dictionary<string, string> says, CancellationToken ct)
    {
        string ByPolicy(string kind) => T($"The policy {ViewInfo.Spoken(kind)} says so now.");
        var timing = (await policies.Of<ReservationTiming>(ct)).Choice;
        var sourcing = (await policies.Of<Sourcing>(ct)).Choice;
        var messages = (await policies.Of<CustomerMessages>(ct)).Choice;
        var limit = (await policies.Of<ApprovalPolicy>(ct)).Choice.Rules.FirstOrDefault(r => Proposals.Guarded.Contains(r.Operation))?.From;
        says["setAside"] = ByPolicy(ReservationTiming.Kind);
        says["partDeliveries"] = ByPolicy(Sourcing.Kind);
        says["writesToCustomers"] = ByPolicy(CustomerMessages.Kind);
        if (limit is not null) says["approvalFrom"] = ByPolicy(ApprovalPolicy.Kind);
        return new CompanyProfile(
            SetAside: timing.When switch { ReserveWhen.AtPayment => SetAside.AtPayment, ReserveWhen.ByHand => SetAside.ByHand, _ => SetAside.AtOrder },
            PartDeliveries: sourcing.MaySplit, WritesToCustomers: messages.Channels.Count > 0, ApprovalFrom: limit?.Amount);
    }

    private static SellsThrough Through(ChannelKind kind) => kind switch
    {
        ChannelKind.Marketplace => SellsThrough.Marketplace,
        ChannelKind.Till => SellsThrough.Stores,
        ChannelKind.B2B => SellsThrough.Business,
        ChannelKind.SalesDesk => SellsThrough.Desk,
        _ => SellsThrough.OwnShop,
    };
}
