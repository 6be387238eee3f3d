namespace Keel.Sales;

/// How long a parcel takes from a site to a country, or to the part of it whose postcodes begin so, and what it costs: for the parcel and for each kilogram in it.
[Rows("sales.lane", "company_id", "node", "country", "postcode")]
internal sealed record Lane(
    Id<Company> CompanyId, NodeCode Node, string Country, string Postcode, int Days, Money Parcel, Money Kilogram, Currency Currency, DateTimeOffset ChangedAt, string ChangedBy, Guid Operation)
{
    /// As people say it: `from MAIN to DE 10`.
    [NotAColumn]
    public string What => $"from {Node} to {Country}{(Postcode.Length > 0 ? " " + Postcode : "")}";

    [NotAColumn]
    public string Says => $"{Days} days, {Parcel} a parcel, {Kilogram} a kilogram";
}

/// What a site can do in a day (without a number, as much as comes), how many working days it needs, and what its work on a parcel and on each unit in it costs.
[Rows("sales.site_terms", "company_id", "node")]
internal sealed record SiteTerms(
    Id<Company> CompanyId, NodeCode Node, int? Capacity, int PrepareDays, Money HandlingParcel, Money HandlingUnit, Currency Currency, DateTimeOffset ChangedAt, string ChangedBy, Guid Operation)
{
    [NotAColumn]
    public string Says => $"{(Capacity is { } most ? most + " orders a day" : "any number of orders")}, {PrepareDays} days to prepare, {HandlingParcel} a parcel, {HandlingUnit} a unit";
}

/// The lanes and terms of a company, kept in memory as settings are.
internal sealed class LaneBook
{
    private readonly Dictionary<(NodeCode Node, string Country), Dictionary<string, Lane>> lanes;
    private readonly int longest;

    public LaneBook(IReadOnlyList<Lane> lanes, IReadOnlyList<SiteTerms> terms)
    {
        this.lanes = lanes.GroupBy(l => (l.Node, l.Country)).ToDictionary(g => g.Key, g => g.ToDictionary(l => l.Postcode, StringComparer.Ordinal));
        longest = lanes.Select(l => l.Postcode.Length).DefaultIfEmpty(0).Max();
        Terms = terms.ToDictionary(t => t.Node);
        HasCapacities = terms.Any(t => t.Capacity is not null);
    }

    public IReadOnlyDictionary<NodeCode, SiteTerms> Terms { get; }

    public bool HasCapacities { get; }

    public static Task<LaneBook> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    /// The lane from a site to an address: of those whose postcode begins so the longest; nothing where nobody said.
    public Lane? Find(NodeCode node, string country, string? postcode)
    {
        if (!lanes.TryGetValue((node, country), out var some)) return null;
        var code = Plain(postcode);
        for (var length = Math.Min(longest, code.Length); length >= 0; length--) if (some.TryGetValue(code[..length], out var lane)) return lane;
        return null;
    }

    /// A postcode without spaces and dashes, in capitals: `2013 DH` is `2013DH`.
    public static string Plain(string? postcode) => postcode is null ? "" : string.Concat(postcode.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static async Task<LaneBook> Load(KeelDb db, CancellationToken ct)
    {
        var terms = db.Ask<SiteTerms>($"select {new SqlText.Verbatim(RowMap<SiteTerms>.Instance.Names)} from sales.site_terms where company_id = {db.Company}");
        var lanes = await db.Table<Lane>().Where($"company_id = {db.Company} order by node, country, postcode", ct);
        return new LaneBook(lanes, terms.Value);
    }
}
