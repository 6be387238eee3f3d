using Keel.Kernel.Views;
using Keel.Messages;
using Keel.Partners.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

/// What people and programs hand in that was never meant: it is shown as it was typed, goes out as it is read, or is refused.
public class BadInputTests
{
    private const string Markup = "<script>alert(1)</script> <img src=x onerror=alert(2)> [go](javascript:alert(3)) javascript:alert(4) https://ok.example/\"><svg/onload=alert(5)> {{7*7}}";

    [Fact]
    public async Task Markup_in_notes_tasks_names_titles_and_views_stands_as_it_was_typed()
    {
        await using var web = await WebShop.Open();
        var shop = web.Shop;
        await shop.Stocks("TEE-M", onHand: 5);
        var order = shop.NewOrder("webshop", ("TEE-M", 1));
        var taken = (await shop.Tries(order with { Customer = order.Customer! with { Name = Markup[..90] } })).Value;
        var mia = await shop.Person("Mia", "administrator");
        await shop.Must<AddNote, AddNote.Request, Id<Note>>(new("order", taken.Id!.Value.Value, Markup + "\n\n- " + Markup));
        await shop.Must<AddNote, AddNote.Request, Id<Note>>(new("order", taken.Id!.Value.Value, Markup, Owner: mia.Id));
        await shop.Must<SaveFilter, SaveFilter.Request, Id<SavedFilter>>(new("sales.orders", Markup[..40], "f.status=Reserved", Shared: true));
        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([taken.Id!.Value], Markup[..100]));

        foreach (var address in new[] { $"/orders/{taken.Id}", "/orders", "/tasks", "/notices", "/cases", "/palette?q=%3Cscript%3E", "/search?q=%3Cscript%3Ealert(1)", "/orders?q=%3Cscript%3Ealert(1)", "/operations" })
        {
            var page = await WebShop.Get(web.Http, address);
            page.Body.ShouldNotContain("<script>alert", Shouldly.Case.Insensitive, address);
            page.Body.ShouldNotContain("<img src=x", Shouldly.Case.Insensitive, address);
            page.Body.ShouldNotContain("<svg/onload", Shouldly.Case.Insensitive, address);
            page.Body.ShouldNotContain("href=\"javascript:", Shouldly.Case.Insensitive, address);
        }

        var told = (await WebShop.Get(web.Http, $"/orders/{taken.Id}")).Body;
        told.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        told.ShouldContain("<a href=\"https://ok.example/\" rel=\"noreferrer noopener\">");
    }

    [Fact]
    public async Task Text_without_an_end_is_refused_with_the_length_that_fits()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var taken = await shop.Takes(("TEE-M", 1));

        var note = await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", taken.Id!.Value.Value, new string('x', 1_000_000)));
        var nul = await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", taken.Id!.Value.Value, "zero \0 inside"));

        note.Error!.Code.ShouldBe("gate.invalid");
        note.Error.Fields.ShouldContain(f => f.Field == "text" && f.Message == "is longer than 4000 characters.");
        nul.Error!.Message.ShouldBe("text has control characters.");
        (await shop.Number("select count(*) from messages.note")).ShouldBe(0);
    }

    [Fact, Feature("SE-12")]
    public async Task Two_hundred_thousand_rows_leave_as_they_are_read_and_the_log_knew_before()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Text(
            $"""
            insert into stock.location (company_id, code, node, parent, kind, name, pick_order, tier, barcode)
            select '{web.Shop.Company}', 'MAIN/X-' || lpad(n::text, 7, '0'), 'MAIN', null, 'Storage', 'A place with a long name so that the file is long, number ' || n || repeat('.', 100), n, 'Bin', 'X-' || n from generate_series(1, 200000) n
            """);

        using var answer = await web.Http.GetAsync(new Uri("/api/v1/stock/locations.csv", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(body);
        (await reader.ReadLineAsync())!.ShouldStartWith("code,node,name");

        // Nobody reads on: the database waits too, so that neither holds the rest of the file.
        (await Waits(web, "ClientWrite")).ShouldBeTrue("the database was read to the end although nobody took the rows");
        (await web.Shop.Text("select outcome || ' ' || actor_name from kernel.operation_log where operation = 'kernel.export-view'")).ShouldBe("done test");
        var rows = 0;
        while (await reader.ReadLineAsync() is not null) rows++;
        rows.ShouldBeGreaterThanOrEqualTo(200_000);
    }

    private static async Task<bool> Waits(WebShop web, string what)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await web.Shop.Number($"select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and wait_event = '{what}'") > 0) return true;
            await Task.Delay(100);
        }

        return false;
    }
}
