using System.Text.Json;
using Npgsql;
using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

public class CrossCompanyTests
{
    private static readonly string[] NotOwned = ["kernel.operation_log", "kernel.idempotency", "kernel.settings_stamp", "kernel.number_block"];

    /// What a case is about is written by whoever raises it, and is text: it shows them their own words.
    private static readonly string[] Hands = ["kernel.raise-case"];

    [Fact, Feature("SE-02")]
    public async Task Nobody_sees_or_changes_what_belongs_to_another_company()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("MUG-BL", onHand: 20);
        await JunkTests.Ids(web);
        (await web.Shop.Does<CreateCompany, CreateCompany.Request, Id<Company>>(new("other", "Other", "GB", Currency.Gbp, "Europe/London"))).Ok.ShouldBeTrue();
        using var stranger = await web.Program(["*"], "other");
        var (ids, before) = (await Ids(web.Shop), await Fingerprint(web.Shop));
        using var document = JsonDocument.Parse(await web.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var junk = new Junk(document.RootElement, seed: 11, [.. ids.Order().Take(400)]);
        var (seen, written) = (new List<string>(), new HashSet<string>());

        foreach (var operation in web.Catalog.Operations.Where(o => o.Module != "access"))
        {
            for (var i = 0; i < 10; i++)
            {
                var asked = junk.Request(operation.Name);
                var said = await WebShop.Post(stranger, "/api/v1/" + operation.Name.Replace('.', '/'), asked);
                if (said.Status < 300 && Hands.Contains(operation.Name)) written.UnionWith(ids.Where(i => asked.Contains(i, StringComparison.Ordinal)));
                if (said.Status >= 500) seen.Add($"{operation.Name}: {said.Body}");
            }
        }

        foreach (var view in web.Catalog.Views.Select(v => Keel.Kernel.Views.ViewInfo.Of(v)))
        {
            foreach (var id in view.Args is null ? [""] : ids.Order().Take(5))
            {
                var arguments = view.Args?.GetConstructors()[0].GetParameters().Select(p => $"{Keel.Kernel.Views.ViewInfo.Kebab(p.Name!)}={(p.ParameterType.Name.StartsWith("Id", StringComparison.Ordinal) || p.ParameterType == typeof(Guid) ? id : "MUG-BL")}") ?? [];
                var said = await WebShop.Get(stranger, $"/api/v1/{view.Name.Replace('.', '/')}?{string.Join('&', arguments)}");
                if (ids.FirstOrDefault(i => !(view.Name is "kernel.cases" && written.Contains(i)) && said.Body.Contains(i, StringComparison.Ordinal) && !said.Body.Contains("problems/", StringComparison.Ordinal)) is { } known) seen.Add($"{view.Name} shows {known}");
            }
        }

        seen.ShouldBeEmpty();
        (await Fingerprint(web.Shop)).ShouldBe(before);
    }

    /// Every key of an owned row of the shop's company.
    private static async Task<HashSet<string>> Ids(Shop shop)
    {
        var ids = new HashSet<string>();
        foreach (var table in await Owned(shop, "and exists (select from information_schema.columns i where i.table_schema = c.table_schema and i.table_name = c.table_name and i.column_name = 'id' and i.data_type = 'uuid')"))
        {
            await using var command = shop.Source.CreateCommand($"select id::text from {table} where company_id = '{shop.Company}'");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) ids.Add(reader.GetString(0));
        }

        return ids;
    }

    private static async Task<string> Fingerprint(Shop shop)
    {
        var lines = new List<string>();
        foreach (var table in await Owned(shop, ""))
        {
            if (NotOwned.Contains(table)) continue;
            lines.Add(table + " " + await shop.Text($"select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t where company_id = '{shop.Company}'"));
        }

        return string.Join('\n', lines);
    }

    private static async Task<List<string>> Owned(Shop shop, string and)
    {
        await using var command = shop.Source.CreateCommand(
            $"""
            select c.table_schema || '.' || c.table_name from information_schema.columns c
            join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
            where c.column_name = 'company_id' and c.table_schema not in ('pg_catalog', 'information_schema', 'access') {and} order by 1
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        return tables;
    }
}
