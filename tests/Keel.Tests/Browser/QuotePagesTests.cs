using Keel.Kernel;
using Keel.Sales;
using Keel.Tests.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class QuotePagesTests
{
    [Fact, Feature("CR-03", "CR-04", "CR-06")]
    public async Task The_desk_writes_a_quote_sends_it_changes_it_and_makes_it_an_order_that_credit_stops()
    {
        await using var shop = await Shop.Open();
        var hotel = await QuoteTests.Customer(shop, limit: 20);
        await shop.Stocks("BOWL", 30);
        await using var site = await Site.Open(shop, "service");
        await site.Goes("/quotes");
        await site.Sees("No quotes yet");
        await site.Goes("/quotes/new");
        await site.Page.SelectOptionAsync("#channel", "webshop");
        await site.Page.FillAsync("#customer", hotel);
        await site.Page.FillAsync("#purchase-order", "PO-77");
        await site.Page.FillAsync("[name='lines[0].sku']", "BOWL");
        await site.Page.FillAsync("[name='lines[0].quantity']", "4");
        await site.Page.Locator("[name='lines[0].quantity']").BlurAsync();
        await site.Sees("30 available", "[data-field='lines[0].sku']");
        await site.Page.FillAsync("[name='lines[0].price.price']", "20");
        await site.Pictures("quote-new");
        await site.Presses("Write the quote");
        await site.Sees("Version 1");
        await site.Sees("16.80", "#version-1");
        await site.Pictures("quote-draft");
        await site.Presses("Send");
        await site.Agrees();
        await site.Sees("Accept");

        await site.Follows("Edit");
        (await site.Page.InputValueAsync("[name='lines[0].price.price']")).ShouldBe("20.00");
        await site.Page.FillAsync("[name='lines[0].quantity']", "5");
        await site.Presses("Save");
        await site.Sees("Superseded", "#version-1");
        await site.Pictures("quote-versions");
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();

        var quote = new Id<Quote>(Guid.Parse(await shop.Text("select id from sales.quote")));
        await shop.Must<SendQuotes, SendQuotes.Request, IReadOnlyList<QuoteAnswer>>(new([quote]));
        var order = await shop.Must<AcceptQuote, AcceptQuote.Request, AcceptQuote.Answer>(new(quote));
        await site.Goes($"/orders/{order.Id}");
        await site.Sees("Check again");
        await site.Sees("first order", "#customer");
        await site.Pictures("order-over-limit");
        await site.Goes($"/partners/number/{hotel}");
        await site.Sees("Owes on account", "#credit");
        await site.Follows("All orders");
        await site.Sees(order.Order);
        site.Complaints.ShouldBeEmpty();
    }
}
