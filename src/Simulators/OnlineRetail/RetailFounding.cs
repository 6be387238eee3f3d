using Keel.Catalog.Products;
using Keel.Pricing.Taxes;

namespace Keel.Simulators;

/// Founds the company of a file, or makes what an earlier run left out: its room, its channel, its tax rates, its products.
internal sealed class RetailFounding(IServiceProvider services, Profile profile)
{
    public async Task<Clerk> Found(DateTimeOffset at, CancellationToken ct)
    {
        var anywhere = new Clerk(services, default);
        var (code, name, country, currency, zone) = profile.Company;
        var known = await anywhere.Asks<Id<Company>>($"select id from kernel.company where code = {code}", ct);
        var company = known.Count > 0 ? known[0] : await anywhere.Does<CreateCompany, CreateCompany.Request, Id<Company>>(
            new(code, name, country, currency, zone), Caller.Keel(default) with { At = at }, ct);
        return new Clerk(services, company);
    }

    public async Task Furnish(Clerk clerk, IReadOnlyList<RetailRow> rows, DateTimeOffset at, CancellationToken ct)
    {
        var caller = clerk.At(at) with { Door = Door.Import };
        if ((await clerk.Asks<string>($"select code from kernel.site where company_id = {clerk.Company}", ct)).Count == 0)
            await clerk.Does<CreateSite, CreateSite.Request, Done>(new(profile.Site.Code, profile.Site.Name), caller, ct);
        if ((await clerk.Asks<string>($"select code from kernel.channel where company_id = {clerk.Company}", ct)).Count == 0)
            await clerk.Does<CreateChannel, CreateChannel.Request, Done>(new(profile.Channel.Code, profile.Channel.Name, ChannelKind.OwnShop, [profile.Site.Code]), caller, ct);
        await clerk.Does<SetTaxRates, SetTaxRates.Request, Saved[]>(new(profile.TaxRates), caller, ct);

        var products = rows.Where(r => r.Wrong is null && profile.IsGoods(r.Code)).GroupBy(r => r.Code).Select(g => new SaveProducts.Item(g.Key, NameOf(g.Key, g)));
        foreach (var some in products.Chunk(2_000)) await clerk.Does<SaveProducts, SaveProducts.Request, Saved[]>(new(some), caller, ct);
    }

    /// What a product is called most often where it is sold: what somebody noted at an adjustment is no name.
    private static string NameOf(string code, IEnumerable<RetailRow> rows) => rows
        .Where(r => r.Description.Length > 0).GroupBy(r => r.Description)
        .OrderByDescending(g => g.Any(r => r.Price > 0)).ThenByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key ?? code;
}
