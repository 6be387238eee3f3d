using System.Collections.Frozen;
using Keel.App;
using Keel.App.Doors;
using Keel.Catalog.Products;
using Keel.Kernel.Views;
using Keel.Ui;
using Keel.Warehouse;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

/// One operation on all rows of a list that match.
public class BulkTests
{
    [Fact]
    public async Task It_runs_in_portions_and_says_of_every_row_what_happened()
    {
        await using var shop = await Shop.Open();
        await Products(shop, 1_199, "Draft");
        await shop.Number("with u as (update catalog.product set lifecycle = 'Retired' where sku in ('P-00007', 'P-00900') returning 1) select count(*) from u");

        var rows = (await Run(shop, "?q=P-&sort=sku")).Value;

        rows.Count.ShouldBe(1_199);
        rows.Count(r => r.Role is StateRole.Done).ShouldBe(1_197);
        rows.Where(r => r.Role is not StateRole.Done).Select(r => r.Subject).ShouldBe(["P-00007", "P-00900"]);
        rows.First(r => r.Role is not StateRole.Done).Sentence.ShouldContain("cannot become active");
        (await shop.Number("select count(*) from catalog.product where sku like 'P-%' and lifecycle = 'Active'")).ShouldBe(1_197);
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'catalog.change-lifecycle'")).ShouldBe(3, "500, 500 and 199");
    }

    [Fact]
    public async Task Only_what_matches_is_touched()
    {
        await using var shop = await Shop.Open();
        await Products(shop, 30, "Draft");

        (await Run(shop, "?f.sku=P-00003,P-00011&size=1")).Value.Count.ShouldBe(2);

        (await shop.Text("select string_agg(sku, ' ' order by sku) from catalog.product where sku like 'P-%' and lifecycle = 'Active'")).ShouldBe("P-00003 P-00011");
    }

    [Fact]
    public async Task More_than_ten_thousand_are_refused_with_advice_and_none_is_touched()
    {
        await using var shop = await Shop.Open();
        await Products(shop, 10_001, "Draft");

        var refused = (await Run(shop, "?q=P-")).Error!;

        refused.Code.ShouldBe("view.too-many-at-once");
        refused.Message.ShouldContain("Narrow the list");
        (await shop.Number("select count(*) from catalog.product where lifecycle = 'Active' and sku like 'P-%'")).ShouldBe(0);
        (await Run(shop, "?q=P-&f.sku.ne=P-00001")).Value.Count.ShouldBe(10_000);
    }

    [Theory]
    [InlineData("nothing matches", "?f.sku=NOBODY", "bulk.nothing-matches")]
    [InlineData("a column that is not there", "?f.colour=blue", "view.no-column")]
    [InlineData("a list that is not there", "?q=P-", "bulk.no-list", "sales.nothing")]
    [InlineData("a field that takes no rows", "?q=P-", "bulk.no-list", "catalog.products", "to")]
    [InlineData("the request is not whole", "?q=P-", "request.", "catalog.products", "skus", "nonsense")]
    [InlineData("who may see the list but not change products", "?q=P-", "gate.no-permission", "catalog.products", "skus", "active", "catalog.read")]
    [InlineData("who may change products but not see the list", "?q=P-", "view.forbidden", "catalog.products", "skus", "active", "catalog.edit")]
    public async Task Is_refused_when(string what, string question, string code, string list = "catalog.products", string field = "skus", string to = "active", string may = "*")
    {
        await using var shop = await Shop.Open();
        await Products(shop, 3, "Draft");

        (await Run(shop, question, list, field, to, may)).Error!.Code.ShouldStartWith(code, Shouldly.Case.Sensitive, what);

        (await shop.Number("select count(*) from catalog.product where lifecycle = 'Active' and sku like 'P-%'")).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_done_once()
    {
        await using var shop = await Shop.Open();
        await Products(shop, 700, "Draft");

        (await Run(shop, "?q=P-", key: "once")).Value.Count(r => r.Role is StateRole.Done).ShouldBe(700);
        (await Run(shop, "?q=P-", key: "once")).Value.Count(r => r.Role is StateRole.Done).ShouldBe(700);

        (await shop.Number("select count(*) from kernel.operation_log where operation = 'catalog.change-lifecycle'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_portion_that_is_refused_for_one_row_is_halved_until_the_others_are_done()
    {
        await using var shop = await Shop.Open();
        await Products(shop, 60, "Draft");
        var collection = new ServiceCollection();
        var catalog = collection.AddKeel(shop.Source, shop.Clock, [.. KeelModules.All, new ProbeModule()]);
        collection.AddLogging();
        await using var services = collection.BuildServiceProvider();
        var door = new BulkDoor(catalog.Of(typeof(Probe)), services.GetRequiredService<Gate>(), shop.Catalog);

        var rows = (await Run(shop, door, Form("?q=P-", "catalog.products", "skus", null, null), Caller.Keel(shop.Company))).Value;

        rows.Count.ShouldBe(60);
        rows.Where(r => r.Role is not StateRole.Done).Select(r => (r.Subject, r.Sentence)).ShouldBe([("P-00013", "Thirteen is never done."), ("P-00042", "Thirteen is never done.")]);
        (await shop.Number("select count(*) from catalog.product where sku like 'P-%' and name = 'Probed'")).ShouldBe(58);
    }

    [Fact]
    public void A_portion_is_never_larger_than_the_operation_takes()
    {
        FormField.Of(typeof(PickShipments.Request)).Single().Most.ShouldBe(500);
        FormField.Of(typeof(ChangeLifecycle.Request))[0].Most.ShouldBe(5_000);
        FormField.Of(typeof(Probe.Request)).Single().Most.ShouldBe(25);
    }

    private static Task<Result<List<Outcomes.Outcome>>> Run(
        Shop shop, string question, string list = "catalog.products", string field = "skus", string to = "active", string may = "*", string? key = null)
    {
        var actor = new Actor(ActorKind.Person, new Guid("6b65656c-0000-7000-8000-0000000000aa"), "Piet") { Permissions = FrozenSet.Create(StringComparer.Ordinal, may) };
        var door = new BulkDoor(shop.Catalog.Of(typeof(ChangeLifecycle)), shop.Gate, shop.Catalog);
        return Run(shop, door, Form(question, list, field, to, key), new Caller(actor, Door.Page, shop.Company) { IdempotencyKey = key });
    }

    private static async Task<Result<List<Outcomes.Outcome>>> Run(Shop shop, BulkDoor door, FormCollection form, Caller caller)
    {
        BulkDoor.IsMeant(form).ShouldBeTrue();
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(caller.Actor.May);
        return await door.Run(form, caller, scope.ServiceProvider.GetRequiredService<ViewRunner>(), default);
    }

    private static FormCollection Form(string question, string list, string field, string? to, string? key)
    {
        var form = new Dictionary<string, StringValues>
        {
            [FormField.AllMatching] = question, [FormField.ListName] = list, [FormField.SelectionName] = field, [FormField.Selected] = "P-00001",
            [FormField.IdempotencyKey] = key, [FormField.ReturnTo] = "/products",
        };
        if (to is not null) form["to"] = to;
        return new FormCollection(form);
    }

    private static Task Products(Shop shop, int count, string lifecycle) => shop.Number(
        $"""
        with made as (
          insert into catalog.product (sku, name, attributes, unit, measured, tax_category, lifecycle, version, changed_at)
          select 'P-' || lpad(i::text, 5, '0'), 'Product ' || i, '{"{}"}', 'piece', false, 'standard', '{lifecycle}', 1, timestamptz '{Shop.Morning:O}' from generate_series(1, {count}) i returning 1)
        select count(*) from made
        """);

    /// An operation that refuses all for one: it takes 25 at a time, and will not touch those that end in 13 or 42.
    [Operation("probe.touch", "*")]
    internal sealed class Probe(KeelDb db) : IOperation<Probe.Request, Done>
    {
        public sealed record Request([System.ComponentModel.DataAnnotations.MaxLength(25)] IReadOnlyList<string> Skus);

        public async Task<Result<Done>> Run(Request request, CancellationToken ct)
        {
            await db.Execute($"update catalog.product set name = 'Probed' where sku = any({request.Skus})", ct);
            return request.Skus.Any(s => s.EndsWith("13", StringComparison.Ordinal) || s.EndsWith("42", StringComparison.Ordinal)) ? new Error("probe.thirteen", "Thirteen is never done.") : Done.It;
        }
    }

    private sealed class ProbeModule : IModule
    {
        public void Describe(ModuleContents contents) => contents.Operation<Probe>();
    }
}
