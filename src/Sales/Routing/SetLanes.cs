using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Says how long a parcel takes from a site to a country or a part of it, and what it costs. Orders that are routed from now on go by it.
[Operation("sales.set-lanes", SalesPermissions.Routing, ChangesSettings = true, Said = "set {lanes|a lane}", Icon = "truck")]
internal sealed class SetLanes(KeelDb db, Settings settings) : IOperation<SetLanes.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<Item> Lanes);

    /// Days are working days on the road, Monday to Friday. Prices are in the company's currency. A postcode may be the beginning of one: `10` is every address whose
    /// postcode begins so; without it the lane is for the whole country.
    public sealed record Item(
        [Display(Name = "Site")] NodeCode Node, [RegularExpression("^[A-Z]{2}$", ErrorMessage = "is a country code of two capitals, such as NL.")] string Country, [Range(0, 365), Display(Name = "Working days")] int Days,
        [Range(typeof(decimal), "0", "100000", ErrorMessage = "is between 0 and a hundred thousand."), Display(Name = "A parcel costs")] decimal Parcel,
        [Range(typeof(decimal), "0", "100000", ErrorMessage = "is between 0 and a hundred thousand."), Display(Name = "A kilogram costs")] decimal Kilogram = 0, [MaxLength(12), Display(Name = "Postcodes from")] string? Postcode = null);

    public static readonly Error NoSite = Error.NotFound("lane.site-unknown", "There is no such site. Choose one of the list.");
    public static readonly Error Twice = Error.Invalid("lane.twice", "The list names this lane twice. Name it once.");
    public static readonly Error TooFine = Error.Invalid("lane.too-fine", "A price has no more decimals than its currency.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var currency = network.Company.Currency;
        var known = (await db.Table<Lane>().Where($"company_id = {db.Company} and node = any({request.Lanes.Select(l => l.Node.Text).Distinct().ToArray()})", ct)).ToDictionary(l => (l.Node, l.Country, l.Postcode));
        List<Lane> fresh = [], changed = [];
        var seen = new HashSet<(NodeCode, string, string)>();
        var answers = request.Lanes.Select(item =>
        {
            var name = $"{item.Node} {item.Country} {item.Postcode}".Trim();
            if (!network.Sites.ContainsKey(item.Node)) return Saved.Refused(name, NoSite.With($"There is no site {item.Node}. Choose one of the list."));
            db.Work.Actor.MustBeAt(item.Node);
            if (!Whole(item.Parcel) || !Whole(item.Kilogram)) return Saved.Refused(name, TooFine.With($"A price in {currency} has {currency.Exponent} decimals at most."));
            var lane = new Lane(db.Company, item.Node, item.Country, LaneBook.Plain(item.Postcode), item.Days, Money.Of(item.Parcel, currency), Money.Of(item.Kilogram, currency), currency, db.Now, db.Work.Actor.Name, db.Work.Operation);
            if (!seen.Add((lane.Node, lane.Country, lane.Postcode))) return Saved.Refused(name, Twice);
            var was = known.GetValueOrDefault((lane.Node, lane.Country, lane.Postcode));
            if (was?.Says == lane.Says) return new Saved(name, SavedAs.Unchanged);
            db.Work.Changed("lane", lane.What, was?.Says, lane.Says);
            (was is null ? fresh : changed).Add(lane);
            return new Saved(name, was is null ? SavedAs.Created : SavedAs.Changed);
        }).ToArray();
        db.Table<Lane>().Insert(fresh);
        db.Table<Lane>().Update(changed);
        foreach (var node in fresh.Concat(changed).Select(l => l.Node.Text).Distinct()) db.Work.Concerns(node);
        return Saved.Answer(answers);

        bool Whole(decimal amount) => amount * currency.Scale is var minor && minor == decimal.Truncate(minor);
    }
}

/// Takes lanes away: what they said is not known any more.
[Operation("sales.drop-lanes", SalesPermissions.Routing, ChangesSettings = true, Said = "took {lanes|a lane} away", Icon = "x")]
internal sealed class DropLanes(KeelDb db) : IOperation<DropLanes.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<string> Lanes);

    public static readonly Error Gone = Error.NotFound("lane.gone", "One of these is there no more. Load the page again.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var wanted = request.Lanes.ToHashSet();
        var rows = (await db.Table<Lane>().Where($"company_id = {db.Company} and node || '/' || country || '/' || postcode = any({request.Lanes})", ct)).ToArray();
        if (rows.Length < wanted.Count) return Gone;
        foreach (var row in rows)
        {
            db.Work.Actor.MustBeAt(row.Node);
            db.Work.Changed("lane", row.What, row.Says, "none");
        }

        db.Table<Lane>().Delete(rows);
        return Done.It;
    }
}
