using System.Text.RegularExpressions;
using Keel.Messages;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// The pages of notes, notices, mail and decisions, as people see them.
public class MessagePagesTests
{
    [Fact]
    public async Task Every_page_of_messages_opens_without_a_complaint_and_without_barriers()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        var addresses = await Fill(shop);

        (await site.Walks(addresses)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_note_is_written_with_a_name_that_is_offered_and_its_reader_finds_it_behind_the_bell()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        await shop.Person("Benedikta", "service");
        await using var site = await Site.Open(shop);
        await site.Goes($"/orders/{order.Id}");

        await site.Page.Locator("#note-text").PressSequentiallyAsync("Please look, @bene");
        await site.Sees("Benedikta", ".k-names");
        await site.Page.Keyboard.PressAsync("Enter");
        (await site.Page.InputValueAsync("#note-text")).ShouldBe("Please look, @Benedikta ");
        await site.Page.ClickAsync("#stream button:has-text('Write')");

        await site.Sees("wrote", "#stream .k-time");
        (await shop.Text("select string_agg(kind, ' ') from messages.notice where kind = 'mentioned'")).ShouldBe("mentioned");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_of_a_mail_is_decided_on_its_page_and_never_by_looking()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, width: 390, height: 844);
        var clerk = await shop.Person("Clerk", "store");
        var waits = await shop.AsksToCorrect(clerk, found: 2);
        var link = await Link(shop);

        for (var i = 0; i < 3; i++) await site.Goes(link);
        (await shop.Text($"select state from kernel.approval where id = '{waits.Approval}'")).ShouldBe("Waiting");
        await site.Page.FillAsync("#yes", "counted it twice");
        await site.Page.ClickAsync("button:has-text('Say yes')");
        await site.Page.WaitForURLAsync("**/approvals/**");

        (await shop.Text($"select actor_name || ': ' || reason from kernel.approval_decision where verdict = 'Approved'")).ShouldBe("Administrator Person: counted it twice");
        await site.Goes(link);
        await site.Sees("used already");
        site.Complaints.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<(string Name, string Address)>> Fill(Shop shop)
    {
        await shop.Stocks("BOWL", 20);
        await shop.Chooses("customer-messages", new { channels = new[] { new { channel = "webshop" } } });
        var order = await shop.Takes(("BOWL", 2));
        var (anna, clerk) = (await shop.Person("Anna", "operations"), await shop.Person("Clerk", "store"));
        var admin = (await shop.Services.GetRequiredService<IActors>().People(shop.Company, default)).First(p => p.Name == "Administrator Person");
        await shop.Watches(admin, order);
        await shop.Writes(anna, order, "The customer rang: **both** in one parcel, please.\n\n- ring before you ship\n- see https://keel.example/help\n\n@Administrator Person have a look");
        await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", order.Id!.Value.Value, "Ring the carrier about the lift", Owner: admin.Id,
            Due: DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime).AddDays(2)), shop.By(anna));
        await shop.Writes(admin, order, "I have told them.");
        await shop.Holds(anna, order);
        await shop.AsksToCorrect(clerk, found: 2);
        var link = await Link(shop);
        var mail = await shop.Text("select id from messages.mail where template = 'order-confirmed' limit 1");
        var approval = await shop.Text("select id from kernel.approval limit 1");
        return
        [
            ("story", $"/orders/{order.Id}"), ("story-notes", $"/orders/{order.Id}?stream=note"), ("product", "/product/BOWL"), ("tasks", "/tasks"),
                ("notices", "/notices"), ("wishes", "/notices/wishes"),
            ("mail-settings", "/settings/mail"), ("test-inbox", "/settings/test-inbox"), ("mail", $"/settings/test-inbox/{mail}"),
            ("templates", "/settings/templates"),
            ("template", $"/settings/templates/order-confirmed?language=de&record={order.Number}"), ("decide", link), ("policy", "/settings/policies/customer-messages"), ("approval", $"/approvals/{approval}"),
        ];
    }

    private static async Task<string> Link(Shop shop)
    {
        await shop.Delivers();
        await shop.Delivers();
        return Regex.Match(await shop.Text("select text from messages.mail where template = 'approval-waits' and to_name = 'Administrator Person'"),
            "/decide/[0-9a-f]{64}").Value;
    }
}
