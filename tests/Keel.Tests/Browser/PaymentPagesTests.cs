using Keel.Simulators;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class PaymentPagesTests
{
    [Fact, Feature("OM-24", "OM-06")]
    public async Task An_administrator_sets_a_gateway_up_and_follows_an_orders_money_to_the_cent()
    {
        await using var shop = await Shop.Open();
        await using var house = await PaymentHouse.Open(shop.Clock);
        await using var site = await Site.Open(shop);
        await shop.Stocks("MUG-BL", 10);
        var order = await shop.Takes(("MUG-BL", 2));

        await site.Goes("/payment-gateways");
        await site.Sees("No gateway");
        await site.Goes("/payment-gateways/set");
        await site.Page.FillAsync("[name=code]", "cards");
        await site.Page.FillAsync("[name=name]", "Cards");
        await site.Page.FillAsync("[name=address]", house.Address.ToString());
        await site.Page.FillAsync("[name=apiKey]", house.Key);
        await site.Page.FillAsync("[name=webhookSecret]", house.Secret);
        await site.Pictures("gateway-set");
        await site.Presses("Save the gateway");
        await site.Sees("1 in all");
        await site.Sees("Cards");
        await site.Pictures("gateways");

        await site.Goes($"/orders/{order.Id}/authorise");
        await site.Page.FillAsync("[name='payments[0].token']", "tok_fine");
        await site.Pictures("authorise");
        await site.Presses("Ask for authorisation");
        await site.Sees("card", "#intents");
        await shop.Delivers();
        await site.Goes($"/orders/{order.Id}");
        await site.Sees("24.20", "#intents");
        await site.Pictures("order-with-payment");

        await shop.Ships(order);
        await shop.Delivers();
        await site.Goes($"/orders/{order.Id}");
        await site.Page.ClickAsync("#intents tbody a");
        await site.Sees("Charged");
        await site.Pictures("payment-intent");
        await site.Page.FillAsync("[name='payments[0].amount.amount']", "5.10");
        await site.Presses("Refund");
        for (var i = 0; i < 100 && await shop.Number("select refunded from sales.payment_intent") == 0; i++)
        {
            await shop.Delivers();
            await Task.Delay(100);
        }

        await shop.Delivers();
        await site.Goes("/payment-intents");
        await site.Sees("5.10");
        await site.Pictures("payment-intents");
        house.Money.ShouldBe((2420L, 510L));
        await site.Goes("/payment-events");
        await site.Pictures("payment-events");
        site.Complaints.ShouldBeEmpty();
    }
}
