using Keel.Kernel.Views;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

public class CaseTests
{
    [Fact, Feature("EX-05")]
    public async Task Two_people_take_the_same_case_and_one_is_told_who_has_it()
    {
        await using var shop = await Shop.Open();
        var (sven, omar) = (await shop.Person("Sven", "service"), await shop.Person("Omar", "operations"));
        var id = await Waits(shop);

        var both = await Task.WhenAll(Takes(shop, sven, id), Takes(shop, omar, id));

        both.Count(a => a.Why is null).ShouldBe(1);
        both.Single(a => a.Why is not null).Why!.ShouldEndWith("is at it already.");
        (await shop.Number($"select count(*) from kernel.case_step where case_id = '{id}'")).ShouldBe(1);
        (await Takes(shop, both[0].Why is null ? sven : omar, id)).Why.ShouldBeNull("taking it again changes nothing");
    }

    [Fact, Feature("EX-05", "EX-06")]
    public async Task A_case_rests_is_passed_up_and_ends_under_a_code()
    {
        await using var shop = await Shop.Open();
        var sven = await shop.Person("Sven", "service");
        var id = await Waits(shop);
        await Takes(shop, sven, id);

        (await Does<SnoozeCases, SnoozeCases.Request>(shop, new([id], shop.Clock.GetUtcNow().AddDays(31)))).ShouldBeNull();
        await Does<SnoozeCases, SnoozeCases.Request>(shop, new([id]));
        (await Queue(shop)).ShouldBe("resting");
        (await shop.Text($"select snoozed_until at time zone 'Europe/Amsterdam' from kernel.work_case where id = '{id}'")).ShouldContain("08:00:00", customMessage: "until tomorrow at eight, where the company is");
        shop.Clock.Step(TimeSpan.FromDays(1));
        (await Queue(shop)).ShouldBe("others", "it stands in the queue again by itself");

        await Does<EscalateCases, EscalateCases.Request>(shop, new([id], "the customer is angry"));
        (await shop.Text($"select owner || ' ' || severity || ' ' || escalated || ' ' || coalesce(assignee, 'nobody') from kernel.work_case where id = '{id}'")).ShouldBe("head of operations High 1 nobody");
        (await Does<CloseCases, CloseCases.Request>(shop, new([id], "mapped it", "magic")))!.ShouldContain("confirmed, cancelled, put-right");
        (await Does<CloseCases, CloseCases.Request>(shop, new([id], "mapped it", "put-right"))).ShouldBe("");
        (await Does<EscalateCases, EscalateCases.Request>(shop, new([id], "again"))).ShouldBe("It was closed by Keel: mapped it.");

        (await shop.Text($"select string_agg(kind, ' ' order by kind) from kernel.case_step where case_id = '{id}'")).ShouldBe("Closed Escalated Snoozed Taken");
        await using var scope = shop.Scope();
        var numbers = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<CaseNumbers, CaseNumbers.Row>(ViewQuery.All);
        var row = numbers.Value.Rows.Single();
        (row.Kind, row.Opened, row.Closed, row.InTime, row.Escalated, row.Ends).ShouldBe(("order-unknown-sku", 1, 1, 0m, 1, "put-right 1"));
    }

    [Fact, Feature("EX-06", "AU-11")]
    public async Task What_nobody_settles_in_time_is_passed_up_once_and_once_more_and_no_further()
    {
        await using var shop = await Shop.Open();
        var id = await Waits(shop);
        await shop.Runs<EscalateLateCasesJob>();
        (await Escalated(shop, id)).ShouldBe(0, "it is in time");

        shop.Clock.Step(TimeSpan.FromHours(4));
        await shop.Runs<EscalateLateCasesJob>();
        await shop.Runs<EscalateLateCasesJob>();
        (await Escalated(shop, id)).ShouldBe(1);
        shop.Clock.Step(TimeSpan.FromHours(4));
        await shop.Runs<EscalateLateCasesJob>();
        shop.Clock.Step(TimeSpan.FromDays(4));
        await shop.Runs<EscalateLateCasesJob>();
        (await Escalated(shop, id)).ShouldBe(2);
        (await shop.Number("select count(*) from kernel.case_step where kind = 'Escalated' and actor_name = 'Keel'")).ShouldBe(2);
    }

    [Fact, Feature("HD-09", "EX-08")]
    public async Task A_case_is_given_to_a_person_who_may_or_to_a_team()
    {
        await using var shop = await Shop.Open();
        var (buyer, executive) = (await shop.Person("Bea", "buyer"), await shop.Person("Eve", "executive"));
        var id = await Waits(shop);

        (await shop.Does<AssignCases, AssignCases.Request, IReadOnlyList<CaseAnswer>>(new([id]))).Error!.Code.ShouldBe("case.assign-whom");
        (await shop.Does<AssignCases, AssignCases.Request, IReadOnlyList<CaseAnswer>>(new([id], executive.Id))).Error!.Code.ShouldBe("case.person-unknown", "executives only look");
        await Does<AssignCases, AssignCases.Request>(shop, new([id], buyer.Id));
        (await shop.Text($"select assignee from kernel.work_case where id = '{id}'")).ShouldBe("Bea");
        await Does<AssignCases, AssignCases.Request>(shop, new([id], Team: "finance"));
        (await shop.Text($"select owner || ' ' || coalesce(assignee, 'nobody') from kernel.work_case where id = '{id}'")).ShouldBe("finance nobody");
    }

    [Fact, Feature("EX-07")]
    public async Task Every_way_out_of_a_case_is_an_operation_that_takes_its_subject()
    {
        await using var shop = await Shop.Open();
        foreach (var way in shop.Services.GetRequiredService<CaseKinds>().All.SelectMany(k => k.Ways))
        {
            var operation = shop.Catalog.Find(way.Operation);
            operation.ShouldNotBeNull(way.Operation);
            operation.Request.GetProperties().Select(p => p.Name.ToLowerInvariant()).ShouldContain(way.Field);
        }

        var id = await Waits(shop);
        await shop.Stocks("TEE-M", onHand: 1);
        var order = new Id<Order>(Guid.Parse(await shop.Text($"select subject_id from kernel.work_case where id = '{id}'")));
        await shop.Must<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new([order], "never existed"));
        (await Queue(shop)).ShouldBe("closed", "who settles the order settles its case");
    }

    private static async Task<Id<Keel.Kernel.Case>> Waits(Shop shop)
    {
        var odd = await shop.TakesFromBazaar(("NOBODY-KNOWS", 1));
        return new Id<Keel.Kernel.Case>(Guid.Parse(await shop.Text($"select id from kernel.work_case where subject_id = '{odd.Id}'")));
    }

    private static async Task<CaseAnswer> Takes(Shop shop, Actor who, Id<Keel.Kernel.Case> id) =>
        (await shop.Does<TakeCases, TakeCases.Request, IReadOnlyList<CaseAnswer>>(new([id]), shop.By(who))).Value[0];

    /// What a refusal of the row says; nothing where it was done, null where all was refused.
    private static async Task<string?> Does<TOperation, TRequest>(Shop shop, TRequest request) where TRequest : notnull =>
        await shop.Does<TOperation, TRequest, IReadOnlyList<CaseAnswer>>(request) is { Ok: true } done ? done.Value[0].Why ?? "" : null;

    private static async Task<string> Queue(Shop shop)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<CaseList, CaseList.Row>(ViewQuery.All)).Value.Rows.Single().Queue;
    }

    private static Task<long> Escalated(Shop shop, Id<Keel.Kernel.Case> id) => shop.Number($"select escalated from kernel.work_case where id = '{id}'");
}
