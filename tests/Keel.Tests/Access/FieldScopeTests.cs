using System.Collections.Frozen;
using System.Text.Json;
using Keel.App.Access;
using Keel.App.Doors;
using Keel.Kernel.Views;
using Keel.Partners;
using Keel.Partners.Customers;
using Keel.Partners.Contract;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

/// What a role does not show is not shown anywhere, and not to be found out either.
public class FieldScopeTests
{
    [Fact, Feature("SE-02", "SE-14")]
    public async Task No_list_of_the_house_is_filtered_sorted_grouped_or_chosen_by_a_column_that_is_hidden()
    {
        await using var shop = await Shop.Open();
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(p => FieldGroup.All.All(g => g.Permission != p));
        var views = scope.ServiceProvider.GetRequiredService<ViewRunner>();
        var asked = 0;

        foreach (var view in shop.Services.GetRequiredService<ModuleCatalog>().Views)
        {
            foreach (var column in ViewInfo.Of(view).Columns.Except(views.Visible(view).Columns))
            {
                foreach (var (key, value) in new[] { ($"f.{column.Name}.gt", "1"), ($"f.{column.Name}", "a"), ($"f.{column.Name}.is", "empty"), ("sort", column.Name), ("sort", "-" + column.Name), ("group", column.Name), ("cols", column.Name) })
                {
                    var answer = await views.Page(view, [new KeyValuePair<string, StringValues>(key, value)]);
                    (answer.Error?.Code).ShouldBe("view.no-column", $"{ViewInfo.Of(view).Name}?{key}={value}");
                    asked++;
                }
            }
        }

        asked.ShouldBeGreaterThan(100);
    }

    [Fact, Feature("SE-02", "SE-14")]
    public async Task Costs_and_credit_limits_are_hidden_in_lists_in_the_history_and_in_what_the_log_kept()
    {
        await using var shop = await Shop.Open();
        await Credit(shop, 4_610);
        await Credit(shop, 7_350);
        await shop.Stocks("TEE-M", onHand: 3, worth: 12_21);
        var all = Somebody("*");
        var some = Somebody("partners.*", "stock.*", "kernel.log.read", "kernel.read");

        var (seen, hidden) = (await Told(shop, all), await Told(shop, some));

        seen.ShouldContain("7350");
        seen.ShouldContain("4.07");
        hidden.ShouldContain("hidden");
        hidden.ShouldNotContain("7350");
        hidden.ShouldNotContain("4610");
        hidden.ShouldNotContain("4.07");
        hidden.ShouldNotContain("1221");
    }

    [Fact, Feature("SE-02")]
    public async Task Evidence_is_taken_by_who_may_see_all_that_is_in_it()
    {
        await using var shop = await Shop.Open();
        TakeEvidence.Request asked = new(null, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 10), "for the auditor");

        (await shop.Does<TakeEvidence, TakeEvidence.Request, Guid>(asked, shop.By(Somebody("kernel.log.*")))).Error!.Code.ShouldBe("evidence.hidden-fields");
        (await shop.Does<TakeEvidence, TakeEvidence.Request, Guid>(asked, shop.By(Somebody("kernel.log.*", Viewer.SeeCost, Viewer.SeeCredit)))).Ok.ShouldBeTrue();
        (await shop.Does<TakeEvidence, TakeEvidence.Request, Guid>(asked, shop.By(Somebody("*") with { Channels = FrozenSet.Create("webshop") }))).Error!.Code.ShouldBe("evidence.whole-house");
    }

    [Fact, Feature("SE-02")]
    public async Task The_editor_of_roles_offers_each_group_of_fields_and_shows_what_stays_hidden()
    {
        await using var shop = await Shop.Open();
        var catalog = shop.Catalog;

        var shelf = new PermissionBook(catalog).Modules.Single(m => m.Module == "kernel");
        FieldGroup.All.Select(g => g.Title).ShouldBeSubsetOf(shelf.Entries.Select(e => e.Words));
        Hidden("partners.read").ShouldContain("Credit limit");
        Hidden("partners.read", Viewer.SeeCredit).ShouldNotContain("Credit limit");

        string[] Hidden(params string[] permissions) => [.. RoleSight.Of(catalog, permissions).HiddenColumns.SelectMany(h => h.Columns)];
    }

    private static Actor Somebody(params string[] permissions) => new(ActorKind.Person, Guid.NewGuid(), "Sam") { Permissions = permissions.ToFrozenSet(StringComparer.Ordinal) };

    private static Task<Saved[]> Credit(Shop shop, int euros) => shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new SaveCustomers.Item(
        new Contact("Ann Smith", "ann@example.org", null, new PostalAddress("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL")), CreditLimit: new Money(euros * 100L, Currency.Eur))]));

    /// All that somebody is told about customers, receipts and what was changed.
    private static async Task<string> Told(Shop shop, Actor actor)
    {
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Work>().Actor = actor;
        scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(actor.May);
        var views = scope.ServiceProvider.GetRequiredService<ViewRunner>();
        var told = new System.Text.StringBuilder();
        foreach (var view in new[] { typeof(CustomerList), typeof(ReceiptList), typeof(LatestMoves), typeof(ChangeList) })
        {
            var page = await views.Page(view, []);
            page.Ok.ShouldBeTrue(page.Error?.Message);
            foreach (var row in page.Value.Items)
            {
                using var bytes = new MemoryStream();
                await using (var writer = new Utf8JsonWriter(bytes)) ViewDoor.Write(writer, page.Value.Info, row);
                told.AppendLine(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
            }
        }

        var history = await scope.ServiceProvider.GetRequiredService<ChangeDesk>().Of(["partner"], await shop.Text("select number from partners.partner limit 1"), withPersonal: false);
        told.AppendLine(string.Join('\n', history.Select(h => h.Sentence)));
        foreach (var operation in new[] { "partners.save-customers", "stock.receive" })
        {
            var id = Guid.Parse(await shop.Text($"select id from kernel.operation_log where operation = '{operation}' order by at desc, id desc limit 1"));
            told.AppendLine((await scope.ServiceProvider.GetRequiredService<LogDesk>().Find(id, withPersonal: false))?.Payload);
        }

        return told.ToString();
    }
}
