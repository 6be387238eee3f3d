using Keel.Ui;

namespace Keel.Stock;

/// What forms about the value of goods need to know: the currency of the company, and its sites where goods of some category are valued apart at each.
internal sealed class ValueForms(KeelDb db, Settings settings)
{
    public string Currency { get; private set; } = "";

    public IReadOnlyDictionary<string, IReadOnlyList<Option>> Options { get; private set; } = new Dictionary<string, IReadOnlyList<Option>>();

    /// Where all sites share one cost, nobody is asked for a site.
    public IReadOnlyList<string> Hidden { get; private set; } = [];

    public async Task Load(CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        Currency = network.Company.Currency.Code;
        if (await db.First<bool>($"select exists (select from stock.costing_rule where company_id = {db.Company} and by_site) or exists (select from stock.site_pool where company_id = {db.Company})", ct))
            Options = new Dictionary<string, IReadOnlyList<Option>> { ["lines.node"] = [.. network.Sites.Values.Select(s => new Option(s.Code.Text, s.Name))] };
        else Hidden = ["lines.node"];
    }
}
