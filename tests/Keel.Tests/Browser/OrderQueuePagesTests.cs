using Keel.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class OrderQueuePagesTests
{
    [Fact, Feature("OM-02", "OM-37")]
    public async Task A_channel_manager_empties_the_queues_of_stopped_orders_by_saying_what_words_and_products_are()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations");
        await shop.Stocks("MUG-BL", 10);
        var odd = (await shop.Tries(shop.NewOrder("bazaar", ("CUP-3", 1)) is var said ? said with { Lines = [said.Lines[0] with { Price = UnitPrice.Of(11m, Currency.Eur) }] } : said)).Value;
        var word = (await shop.Tries(shop.NewOrder("bazaar", ("MUG-BL", 1)) with { Status = "Unshipped" })).Value;

        await site.Goes("/orders/held");
        await site.Sees("Order unknown status");
        await site.Pictures("held");
        await site.Follows("Order unknown status");
        await site.Sees(word.Number!);

        await site.Goes("/channel-words");
        await site.Sees("unshipped");
        await site.Pictures("channel-words");
        await site.Follows("unshipped");
        await site.Page.SelectOptionAsync("[name='words[0].means']", "take");
        await site.Pictures("channel-word");
        await site.Presses("Save");
        await site.Sees("Take it");
        for (var i = 0; i < 50 && await shop.StatusOf(word) is not OrderStatus.Reserved; i++)
        {
            await shop.Delivers();
            await Task.Delay(100);
        }

        (await shop.StatusOf(word)).ShouldBe(OrderStatus.Reserved);

        await site.Goes($"/orders/{odd.Id}");
        await site.Pictures("order-unread");
        await site.Follows("Name the products");
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Pictures("order-lines");
        await site.Presses("Save the products");
        await site.Sees("Mug, blue");
        await site.Presses("Confirm");
        await site.Sees("ready to release");
        (await shop.StatusOf(odd)).ShouldBe(OrderStatus.Reserved);
        await site.Pictures("order-result");

        await site.Goes("/orders/with");
        await site.Page.FillAsync("input[name=sku]", "MUG-BL");
        await site.Page.ClickAsync("main form button[type=submit]:has-text('Find')");
        await site.Sees(odd.Number!);
        await site.Pictures("orders-with");
        await site.Goes("/orders/results");
        await site.Sees(odd.Number!);
        await site.Pictures("order-results");
        site.Complaints.ShouldBeEmpty();
    }
}
