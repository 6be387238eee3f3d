using System.Collections.Frozen;
using Keel.App.Doors;
using Keel.Kernel.Views;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// What the form of an order tells while it is filled in.
public class OfferTests
{
    [Fact]
    public async Task Each_line_is_told_the_price_of_the_list_and_what_the_channels_sites_have_available()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        await shop.Takes(("TEE-M", 2));
        await using var scope = shop.Scope();

        var told = await scope.ServiceProvider.GetRequiredService<OfferDesk>().Of("webshop", [("TEE-M", 3), ("MUG-BL", 1), ("NO-SUCH", 1)]);

        var taken = (await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)))).Value;
        told[0].Price.ShouldBe((await shop.Number($"select unit_price from sales.order_line where order_id = '{taken.Id}'") / 1_000_000m).ToString("0.00####", System.Globalization.CultureInfo.InvariantCulture));
        told[0].Note.ShouldEndWith("3 available");
        told[1].Note.ShouldEndWith("none available");
        (told[2].Price, told[2].Note).ShouldBe((null, "no list price: state one, none available"));
    }

    [Fact]
    public async Task Of_a_channel_that_is_not_theirs_nobody_is_told_anything()
    {
        await using var shop = await Shop.Open();
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Work>().Actor = (await shop.Person("Tom", "store")) with { Channels = FrozenSet.Create("bazaar") };

        (await scope.ServiceProvider.GetRequiredService<OfferDesk>().Of("webshop", [("TEE-M", 1)])).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_customer_is_found_by_the_beginning_of_name_or_mail_by_who_may_see_persons_only()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact("Ilse Vos", "vos@example.org", null, new PostalAddress("Zijlweg 12", null, "2013 AA", "Haarlem", null, "NL")))]));
        await using var scope = shop.Scope();
        var lookout = scope.ServiceProvider.GetRequiredService<Lookout>();

        var desk = scope.ServiceProvider.GetRequiredService<KnownCustomers>();
        var byName = await desk.Find("ilse");
        var byMail = await desk.Find("VOS@");
        lookout.Viewer = new Viewer(p => p != Viewer.SeePersonal);
        await using var other = shop.Scope();
        other.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(p => p != Viewer.SeePersonal);

        byName.ShouldHaveSingleItem().City.ShouldBe("Haarlem");
        byMail.ShouldHaveSingleItem().Name.ShouldBe("Ilse Vos");
        (await other.ServiceProvider.GetRequiredService<KnownCustomers>().Find("ilse")).ShouldBeEmpty();
    }
}
