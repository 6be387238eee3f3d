using Keel.Simulators;
using Keel.Simulators.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Simulators;

public class HarbourHomeTests
{
    [Fact, Feature("SN-01")]
    public async Task A_week_of_life_ties_and_leaves_work_of_every_kind()
    {
        await using var shop = await Shop.Open();

        var company = await Demo.Build(shop.Services, new HarbourScale(120, 7, 240, 7), null, default);
        var log = await shop.Number("select count(*) from kernel.operation_log");
        await Demo.Build(shop.Services, new HarbourScale(120, 7, 240, 7), null, default);

        var report = await shop.Services.GetRequiredService<Prover>().Run(ProofDepth.Full);
        report.Checks.Where(c => c.Differences > 0).Select(c => $"{c.Name}: {string.Join("; ", c.Examples)}").ShouldBeEmpty();
        (await shop.Number("select count(*) from kernel.operation_log")).ShouldBe(log);
        foreach (var status in new[] { "OnHold", "Backordered", "Reserved", "Released", "Shipped" })
        {
            (await shop.Number($"select count(*) from sales.orders where company_id = '{company}' and status = '{status}'")).ShouldBeGreaterThan(0, status);
        }

        (await shop.Number($"select count(*) from sales.order_risk where company_id = '{company}' and effect = 'Hold'")).ShouldBeInRange(1, 20, "a few orders look risky");
        (await shop.Number($"select count(*) from sales.risk_outcome where company_id = '{company}'")).ShouldBeGreaterThan(0, "and somebody has looked");
        foreach (var status in new[] { "Released", "Picked", "Packed", "Shipped" })
        {
            (await shop.Number($"select count(*) from warehouse.shipment where company_id = '{company}' and status = '{status}'")).ShouldBeGreaterThan(0, status);
        }

        (await shop.Number($"select count(*) from kernel.approval where company_id = '{company}' and domain = 'products' and state = 'Waiting'")).ShouldBe(4);
        (await shop.Number($"select count(*) from kernel.approval where company_id = '{company}' and domain = 'suppliers' and state = 'Approved' and effective_from is not null")).ShouldBe(1);
        (await shop.Number($"select count(*) from kernel.approval where company_id = '{company}' and operation = 'stock.adjust' and state = 'Waiting'")).ShouldBe(1);
        (await shop.Number($"select count(*) from stock.count_task where company_id = '{company}' and status = 'Done'")).ShouldBeGreaterThan(3);
        (await shop.Number($"select count(*) from kernel.duplicate_pair where company_id = '{company}' and domain = 'customers' and state = 'Open'")).ShouldBeGreaterThanOrEqualTo(2);
        (await shop.Number($"select count(distinct day) from kernel.quality_score where company_id = '{company}' and domain = 'products'")).ShouldBeGreaterThan(1);
        (await shop.Number($"select count(*) from kernel.work_case where company_id = '{company}' and state = 'Open'")).ShouldBeGreaterThan(3);
        foreach (var part in new[] { "state = 'Open' and assignee is not null", "state = 'Snoozed'", "escalated > 0", "state = 'Closed' and resolution_code in ('customer-waits', 'found-goods')", "state = 'Closed' and resolution_code in ('settled', 'confirmed', 'called-off')" })
        {
            (await shop.Number($"select count(*) from kernel.work_case where company_id = '{company}' and {part}")).ShouldBeGreaterThan(0, part);
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_world()
    {
        var (one, two) = (new Assortment(HarbourScale.Usual), new Assortment(HarbourScale.Usual));

        one.All.ShouldBe(two.All);
        one.All.Count.ShouldBe(600);
        one.Sold.Select(a => a.Gtin).ShouldBeUnique();
        one.Sold.ShouldAllBe(a => Keel.Catalog.Barcodes.Gtin.IsValid(a.Gtin));
    }
}
