using System.Reflection;
using Keel.App;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Rows and tables agree, and everything that is owned says by which company.
public class SchemaTests
{
    private static readonly string[] Shared = ["kernel.company", "kernel.import_row", "kernel.person_key", "kernel.outbox"];

    [Fact]
    public async Task Every_row_type_fits_its_table()
    {
        await using var shop = await Shop.Open();
        var columns = await Columns(shop);
        var wrong = new List<string>();

        foreach (var type in RowTypes())
        {
            var map = typeof(RowMap<>).MakeGenericType(type).GetProperty("Instance")!.GetValue(null)!;
            var table = (string)map.GetType().GetProperty("Table")!.GetValue(map)!;
            foreach (var column in (System.Collections.IEnumerable)map.GetType().GetProperty("Columns")!.GetValue(map)!)
            {
                var name = (string)column.GetType().GetProperty("Name")!.GetValue(column)!;
                var sql = (string)column.GetType().GetProperty("SqlType")!.GetValue(column)!;
                if (!columns.TryGetValue((table, name), out var found)) wrong.Add($"{table}.{name} of {type.Name} is missing");
                else if (!Fits(sql, found)) wrong.Add($"{table}.{name} is {found}, and {type.Name} writes {sql}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact, Feature("SE-02", "MC-01")]
    public async Task Every_owned_table_names_its_company()
    {
        await using var shop = await Shop.Open();
        var columns = await Columns(shop);

        var without = RowTypes().Select(t => t.GetCustomAttribute<RowsAttribute>()!.Table).Distinct()
            .Where(t => !Shared.Contains(t) && !t.StartsWith("catalog.", StringComparison.Ordinal) && !t.StartsWith("access.", StringComparison.Ordinal) && !columns.ContainsKey((t, "company_id")));

        without.Where(t => t is not "kernel.operation_payload" and not "kernel.proof" and not "kernel.seal" and not "kernel.seal_verification").ShouldBeEmpty();
    }

    [Fact, Feature("IN-32")]
    public async Task The_table_of_places_is_the_same_in_code_and_in_the_database()
    {
        await using var shop = await Shop.Open();
        await using var command = shop.Source.CreateCommand("select kind, counted, promisable, pickable, valued from stock.place_kind");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;

        while (await reader.ReadAsync())
        {
            rows++;
            var rule = Keel.Stock.Place.Rules[Enum.Parse<Keel.Stock.PlaceKind>(reader.GetString(0))];
            rule.ShouldBe(new Keel.Stock.PlaceRule(reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetBoolean(4)));
        }

        rows.ShouldBe(Keel.Stock.Place.Rules.Count);
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await using var shop = await Shop.Open();

        var applied = await new Migrator(shop.Source, shop.Catalog).Run();

        applied.ShouldBe(0);
    }

    private static IEnumerable<Type> RowTypes() => KeelModules.All.Select(m => m.GetType().Assembly).Append(typeof(Gate).Assembly).Distinct()
        .SelectMany(a => a.GetTypes()).Where(t => t.GetCustomAttribute<RowsAttribute>() is not null);

    private static bool Fits(string written, string found) => written == found
        || (written == "timestamptz" && found == "timestamp with time zone")
        || (written == "text" && found is "character" or "character varying" or "USER-DEFINED")
        || (written == "integer" && found == "smallint") || (written == "bytea" && found == "bytea");

    private static async Task<Dictionary<(string, string), string>> Columns(Shop shop)
    {
        await using var command = shop.Source.CreateCommand("select table_schema || '.' || table_name, column_name, data_type from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema')");
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new Dictionary<(string, string), string>();
        while (await reader.ReadAsync()) columns[(reader.GetString(0), reader.GetString(1))] = reader.GetString(2);
        return columns;
    }
}
