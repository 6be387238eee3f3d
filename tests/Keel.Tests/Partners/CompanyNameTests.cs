using Keel.App.Doors;
using Keel.Kernel.Views;
using Keel.Partners;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Partners.Suppliers;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Partners;

/// A company's name is no personal data: whoever buys or sells sees it. A person's name, and how anybody is reached, is.
public class CompanyNameTests
{
    [Fact, Feature("SE-02")]
    public async Task Names_of_companies_are_shown_to_who_may_not_see_persons_and_persons_are_not()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveSuppliers, SaveSuppliers.Request, Saved[]>(new([new(new Contact("Tonwerk GmbH", "anna@tonwerk.example"))]));
        await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact("Hotel Zee BV", "front@zee.example"), VatId: "NL803000000B01"), new(new Contact("Ilse Vos", "ilse@example.org"))]));
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(p => p != Viewer.SeePersonal);
        var views = scope.ServiceProvider.GetRequiredService<ViewRunner>();

        var supplier = (await views.Page<SupplierList, SupplierList.Row>(ViewQuery.All)).Value.Rows.ShouldHaveSingleItem();
        var customers = (await views.Page<CustomerList, CustomerList.Row>(ViewQuery.All)).Value.Rows;

        (supplier.Name, supplier.Email).ShouldBe(("Tonwerk GmbH", null));
        customers.Select(c => c.Company).OfType<string>().ShouldBe(["Hotel Zee BV"]);
        customers.ShouldAllBe(c => c.Name == null && c.Email == null);
        (await Found(scope.ServiceProvider, "hotel")).ShouldBe(["Hotel Zee BV"]);
        (await Found(scope.ServiceProvider, "ilse")).ShouldBeEmpty();
        (await Found(scope.ServiceProvider, "anna@")).ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> Found(IServiceProvider services, string text)
    {
        var finder = services.GetServices<IFinder>().OfType<FindPartners>().Single();
        finder.Ask(new Finding(text));
        await services.GetRequiredService<KeelDb>().Flush();
        return [.. finder.Hits.Select(h => h.Title)];
    }
}
