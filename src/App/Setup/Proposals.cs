using System.Text.Json;
using Keel.Kernel.Views;
using Keel.Pricing.Contract;
using Keel.Sales;

namespace Keel.App.Setup;

/// A policy as the profile would have it, why, and what holds now.
internal sealed record Proposal(string Kind, object Choice, object Now, string Why, string Owner, int Version)
{
    public bool Holds => JsonElement.DeepEquals(JsonSerializer.SerializeToElement(Choice, Choice.GetType(), KeelJson.Options), JsonSerializer.SerializeToElement(Now, Now.GetType(), KeelJson.Options));
}

/// A site or channel that a company begins with.
internal sealed record FirstPlace(string Code, string Name, SiteKind Kind, SiteAuthority Authority);

internal sealed record FirstChannel(string Code, string Name, ChannelKind Kind);

/// What follows from a company's profile: which policies it would set to what, and with which sites and channels it begins. It sets nothing.
internal sealed class Proposals(PolicyBook book, ModuleCatalog catalog, Settings settings, HouseFacts house)
{
    internal static readonly HashSet<string> Union =
        ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"];

    internal static readonly string[] Guarded = ["stock.adjust", "sales.credit-orders"];

    /// Only policies that a module declares are proposed.
    public async Task<IReadOnlyList<Proposal>> Of(CompanyProfile answers, CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        // The channels that are about to be opened are named as well.
        (ChannelCode Code, ChannelKind Kind)[] channels = [.. network.Channels.Values.Select(c => (c.Code, c.Kind)), .. (await Channels(answers, ct)).Select(c => ((ChannelCode)c.Code, c.Kind))];
        var shelves = (await book.Load(ct)).ToDictionary(s => s.Kind.Kind);
        // What nobody answered is read from the company itself, where it is at work, and only then the usual.
        var profile = Questions.Usual.With((await house.Load(ct)).Answers with { ApprovalFrom = null }).With(answers);
        Proposal?[] all =
        [
            On<ReservationTiming>(_ => new(When(profile)), WhenWhy(profile)),
            On<Sourcing>(now => now with { MaySplit = profile.PartDeliveries == true }, profile.PartDeliveries == true
                ? "Because an order may be sent in parts: where no site has everything, several send it." : "Because an order is sent as a whole: it waits until one site has everything."),
            On<ApprovalPolicy>(now => Approvals(now, profile, network.Company.Currency), ApprovalsWhy(answers, network.Company.Currency)),
            On<CustomerMessages>(now => Messages(now, profile, channels), profile.WritesToCustomers == true
                ? $"Because customers shall get mails{(profile.OnMarketplaces ? "; marketplaces write to theirs themselves" : "")}." : "Because customers shall get no mails."),
            On<TaxRegistration>(now => now with { OneStopShop = profile.SellsAcrossBorders == true && Union.Contains(network.Company.Country) }, !Union.Contains(network.Company.Country)
                ? $"Because {network.Company.Country} is not in the European Union." : profile.SellsAcrossBorders == true
                ? "Because you sell to private people in other countries of the Union: their country's tax is reported through the one-stop shop." : "Because you sell at home: the tax is that of the country that the goods leave from."),
        ];
        return [.. all.OfType<Proposal>()];

        Proposal? On<T>(Func<T, T> choose, string why) where T : class, IPolicy<T>
        {
            if (shelves.GetValueOrDefault(T.Kind) is not { } shelf) return null;
            var now = shelf.InForce is { } held ? held.Choice.Deserialize<T>(KeelJson.Options)! : T.AsDelivered;
            return new Proposal(T.Kind, choose(now), now, why, shelf.InForce?.Owner ?? "administrator", shelf.Versions.Count == 0 ? 0 : shelf.Versions.Max(v => v.Version));
        }
    }

    /// The sites to begin with; none where there is one already.
    public async Task<IReadOnlyList<FirstPlace>> Sites(CompanyProfile answers, CancellationToken ct = default)
    {
        if ((await Network.Of(settings, ct)).Sites.Count > 0) return [];
        return [.. (Questions.Usual.With(answers).GoodsLie ?? []).Distinct().Order().Select(g => g switch
        {
            GoodsLie.Stores => new FirstPlace("STORE-1", "First store", SiteKind.Store, SiteAuthority.Keel),
            GoodsLie.ThirdParty => new FirstPlace("PARTNER", "Fulfilment partner", SiteKind.ThirdParty, SiteAuthority.Keel),
            _ => new FirstPlace("MAIN", "Main warehouse", SiteKind.Warehouse, SiteAuthority.Keel),
        })];
    }

    /// The channels to begin with; none where there is one already.
    public async Task<IReadOnlyList<FirstChannel>> Channels(CompanyProfile answers, CancellationToken ct = default)
    {
        if ((await Network.Of(settings, ct)).Channels.Count > 0) return [];
        return [.. (Questions.Usual.With(answers).SellsThrough ?? []).Distinct().Order().Select(s => s switch
        {
            SellsThrough.Marketplace => new FirstChannel("marketplace", "Marketplace", ChannelKind.Marketplace),
            SellsThrough.Stores => new FirstChannel("store-1", "First store", ChannelKind.Till),
            SellsThrough.Business => new FirstChannel("business", "Business customers", ChannelKind.B2B),
            SellsThrough.Desk => new FirstChannel("desk", "Sales desk", ChannelKind.SalesDesk),
            _ => new FirstChannel("webshop", "Web shop", ChannelKind.OwnShop),
        })];
    }

    /// The sites that serve a channel that is opened now: all, warehouses first.
    public async Task<NodeCode[]> Nodes(CancellationToken ct = default) =>
        [.. (await Network.Of(settings, ct)).Sites.Values.OrderBy(s => s.Kind).ThenBy(s => s.Code.Text, StringComparer.Ordinal).Select(s => s.Code)];

    private static ReserveWhen When(CompanyProfile profile) => profile.SetAside switch
    {
        SetAside.AtPayment => ReserveWhen.AtPayment,
        SetAside.ByHand => ReserveWhen.ByHand,
        _ => ReserveWhen.AtOrder,
    };

    private static string WhenWhy(CompanyProfile profile) => profile.SetAside switch
    {
        SetAside.AtPayment when profile.PaidFirst == true => "Because orders are paid before they are sent: nobody blocks goods without paying.",
        SetAside.AtPayment => "Because you said so. Orders on account wait then until somebody records a payment.",
        SetAside.ByHand => "Because you said so: somebody decides order by order.",
        _ when profile.OnMarketplaces => "Because you sell on marketplaces, which hold you to what you promised: goods are set aside as an order comes in.",
        _ => "Because what is promised is not sold twice: goods are set aside as an order comes in.",
    };

    /// Rules for other operations stay as they are.
    private ApprovalPolicy Approvals(ApprovalPolicy now, CompanyProfile profile, Currency currency)
    {
        var others = now.Rules.Where(r => !Guarded.Contains(r.Operation));
        if (profile.ApprovalFrom is not { } from) return now;
        if (from == 0 || profile.IsAlone) return new ApprovalPolicy([.. others]);
        var limit = Money.Of(from, currency);
        return new ApprovalPolicy([.. others, .. Guarded.Where(g => catalog.Find(g)?.MayWait == true).Select(g => new ApprovalRule(g, [new ApprovalLevel(KernelPermissions.Decide)], limit))]);
    }

    private static string ApprovalsWhy(CompanyProfile answers, Currency currency) => answers.ApprovalFrom is not { } from ? "You named no amount: what waits for a yes stays as it is."
        : from == 0 ? "Because nothing shall wait for a second person's yes."
        : answers.IsAlone ? "Because you work alone: nobody else could say yes, so nothing waits."
        : $"Because a correction of stock or a credit note of {from:0.##} {currency} and more needs a second person's yes.";

    /// What was chosen for a channel already stays; marketplaces write to their customers themselves.
    private static CustomerMessages Messages(CustomerMessages now, CompanyProfile profile, (ChannelCode Code, ChannelKind Kind)[] channels)
    {
        if (profile.WritesToCustomers != true) return new CustomerMessages([]);
        var mine = channels.Where(c => c.Kind is not (ChannelKind.Marketplace or ChannelKind.Till) && now.Channels.All(n => n.Channel != c.Code));
        return new CustomerMessages([.. now.Channels, .. mine.OrderBy(c => c.Code.Text, StringComparer.Ordinal).Select(c => new CustomerMessages.OfChannel(c.Code))]);
    }
}
