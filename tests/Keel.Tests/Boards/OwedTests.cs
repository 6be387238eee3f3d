using Keel.Accounting;
using Keel.Kernel.Views;
using Keel.Ledger;
using Keel.Ledger.Contract;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Boards;

/// What is owed to us, on boards and in the list of open items: it ties with the accounts, and nothing is late before its day.
public class OwedTests
{
    [Fact, Feature("KP-28")]
    public async Task Owed_to_us_is_the_balance_of_the_receivable_accounts_and_the_list_behind_it_adds_up_to_it()
    {
        await using var shop = await MeasureShop.Busy();
        var returned = await shop.TakesFromBazaar(("MUG-BL", 2));
        await shop.Ships(returned);
        await shop.Pays(returned, PaymentKind.Captured, (await shop.Number($"select gross from sales.orders where id = '{returned.Id}'")));
        await shop.Credits(returned, 1, 1);

        await shop.Measures();

        var receivables = await shop.Balance("customer-receivable") + await shop.Balance("marketplace-receivable");
        (await shop.Point("receivables")).ShouldBe(receivables);
        (await shop.Number("select value from kernel.measure_point where measure = 'receivables' and slice = 'credit notes, taken off'")).ShouldBeLessThan(0);
        var rows = await Items(shop, "f.is-receivable=true");
        rows.Sum(r => r.Side is Side.Debit ? r.OpenAmount.Minor : -r.OpenAmount.Minor).ShouldBe(receivables);
        (await Items(shop, "f.is-receivable=false")).ShouldAllBe(r => r.What == "Deposit, waits for its goods");
    }

    [Fact, Feature("KP-28")]
    public async Task An_invoice_is_overdue_after_the_customers_own_days_or_the_houses_and_a_deposit_never()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(PaymentTerms.Kind, new { customerDays = 7, marketplaceDays = 20 });
        await shop.Stocks("TEE-M", 20);
        var patient = shop.NewOrder("webshop", ("TEE-M", 1));
        await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(patient.Customer!, PaymentTermsDays: 30)]));
        foreach (var order in new[] { patient, shop.NewOrder("webshop", ("TEE-M", 1)), shop.NewOrder("bazaar", ("TEE-M", 1)) }) await shop.Ships((await shop.Tries(order)).Value);
        var ahead = await shop.Takes(("TEE-M", 1));
        await shop.Pays(ahead, PaymentKind.Captured, 5_00);

        (await shop.Text("select string_agg(due_day::text, ' ' order by due_day) from ledger.open_item where side = 'Debit'")).ShouldBe("2026-03-17 2026-03-30 2026-04-09");
        (await Items(shop, "f.is-overdue=true")).ShouldBeEmpty();
        shop.Clock.Step(TimeSpan.FromDays(8));
        (await Items(shop, "f.is-overdue=true")).ShouldHaveSingleItem().DaysOverdue.ShouldBe(1);
        shop.Clock.Step(TimeSpan.FromDays(60));
        var late = await Items(shop, "f.is-overdue=true");
        await shop.Measures();

        late.Count.ShouldBe(3);
        late.ShouldAllBe(r => r.PartnerNumber != null && r.Side == Side.Debit);
        (await shop.Point("receivables-overdue")).ShouldBe(late.Sum(r => r.OpenAmount.Minor));
    }

    private static async Task<IReadOnlyList<OpenItemList.Row>> Items(Shop shop, string question)
    {
        await using var scope = shop.Scope();
        var views = scope.ServiceProvider.GetRequiredService<ViewRunner>();
        return (await views.Page<OpenItemList, OpenItemList.Row>(ViewQuery.Parse(views.Visible(typeof(OpenItemList)), question).Value)).Value.Rows;
    }
}
