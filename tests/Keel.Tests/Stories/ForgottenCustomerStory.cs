using Keel.Partners.Privacy;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class ForgottenCustomerStory
{
    [Fact, Feature("SE-15")]
    public async Task A_customer_asks_to_be_forgotten_and_the_books_still_tie()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = await shop.Takes(("TEE-M", 1));
        var customer = await shop.Text($"select p.number from partners.partner p join sales.orders o on o.customer_id = p.id where o.id = '{order.Id}'");

        (await shop.Does<ErasePerson, ErasePerson.Request, Done>(new(customer))).Error!.Message.ShouldContain(order.Number!);
        await shop.Ships(order);
        await shop.Runs<SealLog>();
        (await shop.Does<ErasePerson, ErasePerson.Request, Done>(new(customer))).Ok.ShouldBeTrue();

        (await shop.Text("select customer_name || ' ' || (ship_to ->> 'line1') || (ship_to ->> 'country') from sales.orders")).ShouldBe("Erased person NL");
        (await shop.Text("select customer_name || ' ' || (ship_to ->> 'city') || (ship_to ->> 'country') from warehouse.shipment")).ShouldBe("Erased person NL");
        (await shop.Text("select name || ' ' || coalesce(email, 'no mail') from partners.partner where number = '" + customer + "'")).ShouldBe("Erased person no mail");
        (await shop.Number("select count(*) from kernel.person_key where key is not null")).ShouldBe(0);
        await shop.Proves();
    }
}
