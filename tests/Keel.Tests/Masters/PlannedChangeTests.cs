using Keel.Catalog.Products;
using Keel.Kernel.Views;
using Keel.Partners.Contract;
using Keel.Partners.Suppliers;
using Keel.Pricing.PriceLists;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

public class PlannedChangeTests
{
    private static readonly DateTimeOffset April = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact, Feature("MD-12")]
    public async Task A_change_with_a_later_date_is_kept_and_takes_effect_by_itself()
    {
        await using var shop = await Shop.Open();
        var clerk = await shop.Person("Bram", "buyer");

        var planned = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 640), April);

        planned.Waiting!.Sentence.ShouldBe("Changes weight grams of BOWL: nothing → 640. It is planned: from 2026-04-01 02:00 it holds by itself.");
        (await shop.Weight("BOWL")).ShouldBe("");
        (await Sheet(shop)).Planned.ShouldHaveSingleItem().EffectiveFrom.ShouldBe(April);
        await Begins(shop);
        (await shop.Weight("BOWL")).ShouldBe("");

        // Somebody changes another field, and even this one, before: the plan still holds.
        await shop.Saves(clerk, new("BOWL", "Salad bowl", WeightGrams: 600));
        shop.Clock.Step(April - shop.Clock.GetUtcNow());
        await Begins(shop);

        (await shop.Text("select name || ' ' || weight_grams from catalog.product where sku = 'BOWL'")).ShouldBe("Salad bowl 640");
        (await shop.ApprovalOf(planned.Waiting.Approval)).ShouldStartWith("Done");
        (await shop.Text("select string_agg(actor_name || ' ' || outcome, ', ' order by id) from kernel.operation_log where operation = 'catalog.save-products' and subjects::text like '%BOWL%'")).ShouldEndWith("Bram done");
    }

    [Fact, Feature("MD-12")]
    public async Task A_second_change_of_the_field_at_the_same_instant_is_refused_and_a_cancelled_one_never_happens()
    {
        await using var shop = await Shop.Open();
        var clerk = await shop.Person("Bram", "buyer");
        var planned = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 640), April);

        var again = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 700), April);
        var later = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 700), April.AddDays(9));
        var past = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 700), Shop.Morning.AddDays(-1));

        again.Error!.Message.ShouldBe("A change of weight grams of BOWL is planned for 2026-04-01 02:00 already. Cancel that one, or choose another instant.");
        past.Error!.Code.ShouldBe("plan.past");
        await shop.As<CancelPlannedChange, CancelPlannedChange.Request, Done>(clerk, new(new Id<Approval>(planned.Waiting!.Approval), "the sample was wrong"));
        shop.Clock.Step(TimeSpan.FromDays(60));
        await Begins(shop);
        (await shop.Weight("BOWL")).ShouldBe("700");
        (await shop.ApprovalOf(planned.Waiting.Approval)).ShouldStartWith("Withdrawn");
        (await shop.ApprovalOf(later.Waiting!.Approval)).ShouldStartWith("Done");
    }

    [Fact, Feature("MD-12", "AP-09")]
    public async Task A_planned_lead_time_waits_for_the_owner_first_and_then_for_its_day()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Olga", "buyer"), await shop.Person("Bram", "buyer"));
        var supplier = (await shop.Must<SaveSuppliers, SaveSuppliers.Request, Saved[]>(new([new(new Contact("Potter", "potter@example.org", null, null), LeadTimeDays: 14)])))[0].Key;
        await shop.Owns(owner, "suppliers");
        await shop.AsksFor("suppliers");

        var asked = await shop.Does<SaveSuppliers, SaveSuppliers.Request, Saved[]>(
            new([new(new Contact("Potter", "potter@example.org", null, null), supplier, LeadTimeDays: 35)]), shop.By(clerk) with { From = April });
        await shop.Decides(owner, asked.Waiting!.Approval, yes: true);

        (await shop.Text($"select lead_time_days from partners.partner where number = '{supplier}'")).ShouldBe("14");
        shop.Clock.Step(TimeSpan.FromDays(30));
        await Begins(shop);
        (await shop.Text($"select lead_time_days from partners.partner where number = '{supplier}'")).ShouldBe("35");
    }

    [Fact, Feature("MD-12")]
    public async Task What_cannot_be_planned_says_so_and_a_price_to_come_stands_on_the_product()
    {
        await using var shop = await Shop.Open();
        var clerk = await shop.Person("Anna", "administrator");

        var order = await shop.Does<CreateSite, CreateSite.Request, Done>(new("NEW", "New"), shop.By(clerk) with { From = April });
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("BOWL", 26.5m, From: new DateOnly(2026, 4, 1))]));

        order.Error!.Code.ShouldBe("gate.not-planned");
        var coming = (await Sheet(shop)).Coming.ShouldHaveSingleItem();
        (coming.At, coming.Sentence).ShouldBe((April, "Price on retail: 26.5 EUR"));
    }

    private static async Task Begins(Shop shop)
    {
        await shop.Runs<StartPlannedChangesJob>();
        await shop.Delivers();
    }

    private static async Task<MasterFile.Sheet> Sheet(Shop shop)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<MasterFile>().Load("products", "BOWL"))!;
    }
}
