using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Says what a site can do in a day, how long it needs and what its work costs. Orders that are routed from now on go by it.
[Operation("sales.set-site-terms", SalesPermissions.Routing, ChangesSettings = true, Said = "set what {sites|a site} can do", Icon = "warehouse")]
internal sealed class SetSiteTerms(KeelDb db, Settings settings) : IOperation<SetSiteTerms.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Item> Sites);

    /// Capacity is a number of orders for each day on which the site works; without it, as many as come. Days to prepare are working days of the site, on top of its
    /// cut-off. Prices are in the company's currency.
    public sealed record Item(
        NodeCode Node, [Range(0, 1_000_000)] int? Capacity = null, [Range(0, 60)] int PrepareDays = 0,
        [Range(typeof(decimal), "0", "100000", ErrorMessage = "is between 0 and a hundred thousand.")] decimal HandlingParcel = 0,
        [Range(typeof(decimal), "0", "100000", ErrorMessage = "is between 0 and a hundred thousand.")] decimal HandlingUnit = 0);

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var currency = network.Company.Currency;
        var known = (await db.Table<SiteTerms>().Where($"company_id = {db.Company}", ct)).ToDictionary(t => t.Node);
        List<SiteTerms> fresh = [], changed = [];
        var seen = new HashSet<NodeCode>();
        var answers = request.Sites.Select(item =>
        {
            var name = item.Node.Text;
            if (!network.Sites.ContainsKey(item.Node)) return Saved.Refused(name, SetLanes.NoSite.With($"There is no site {item.Node}. Choose one of the list."));
            db.Work.Actor.MustBeAt(item.Node);
            if (!Whole(item.HandlingParcel) || !Whole(item.HandlingUnit)) return Saved.Refused(name, SetLanes.TooFine.With($"A price in {currency} has {currency.Exponent} decimals at most."));
            if (!seen.Add(item.Node)) return Saved.Refused(name, SetLanes.Twice);
            var terms = new SiteTerms(db.Company, item.Node, item.Capacity, item.PrepareDays, Money.Of(item.HandlingParcel, currency), Money.Of(item.HandlingUnit, currency), currency, db.Now, db.Work.Actor.Name, db.Work.Operation);
            var was = known.GetValueOrDefault(item.Node);
            if (was?.Says == terms.Says) return new Saved(name, SavedAs.Unchanged);
            db.Work.Concerns(name);
            db.Work.Changed("site", name, "routing", was?.Says, terms.Says);
            (was is null ? fresh : changed).Add(terms);
            return new Saved(name, was is null ? SavedAs.Created : SavedAs.Changed);
        }).ToArray();
        db.Table<SiteTerms>().Insert(fresh);
        db.Table<SiteTerms>().Update(changed);
        return Saved.Answer(answers);

        bool Whole(decimal amount) => amount * currency.Scale is var minor && minor == decimal.Truncate(minor);
    }
}
