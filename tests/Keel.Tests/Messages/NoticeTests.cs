using Keel.Kernel;
using Keel.Messages;
using Keel.Messages.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// Who is told what, how, and that nobody is told twice.
public class NoticeTests
{
    [Fact]
    public async Task Who_may_decide_is_told_of_a_request_and_who_asked_is_told_of_the_answer()
    {
        await using var shop = await Shop.Open();
        var (anna, boss, clerk) = (await shop.Person("Anna", "store"), await shop.Person("Boss", "finance"), await shop.Person("Clerk", "warehouse"));

        var waits = await shop.AsksToCorrect(anna, found: 2);

        (await shop.Told(boss)).ShouldBe(["approval-waits"]);
        (await shop.Told(anna)).ShouldBeEmpty();
        (await shop.Told(clerk)).ShouldBeEmpty();
        await shop.Decides(boss, waits, approve: true);
        (await shop.Told(anna)).ShouldBe(["approval-decided"]);
    }

    [Fact]
    public async Task Nothing_is_told_of_what_did_not_happen()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        var (anna, ben) = (await shop.Person("Anna", "operations"), await shop.Person("Ben", "operations"));
        await shop.Watches(anna, order);

        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "only tried"),
            shop.By(ben) with { DryRun = true });
        (await shop.Told(anna)).ShouldBeEmpty();

        var key = shop.By(ben) with { IdempotencyKey = "hold-once" };
        for (var i = 0; i < 3; i++) await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "once"), key);
        (await shop.Told(anna)).ShouldBe(["watched"]);
    }

    [Fact]
    public async Task A_case_that_comes_into_somebodys_hands_or_is_passed_up_is_told()
    {
        await using var shop = await Shop.Open();
        await shop.TakesFromBazaar(("THROW", 4));
        var kind = shop.Services.GetRequiredService<CaseKinds>().Find(await shop.Text("select kind from kernel.work_case where state = 'Open' order by id limit 1"))!;
        var (ben, boss) = (await shop.Person("Ben", "service"), await shop.Person("Boss", kind.Supervisor));
        var clerk = await shop.Person("Clerk", "merchandiser");
        var one = new Id<Keel.Kernel.Case>(Guid.Parse(await shop.Text("select id from kernel.work_case where state = 'Open' order by id limit 1")));

        (await shop.Does<AssignCases, AssignCases.Request, CaseAnswer[]>(new([one], ben.Id.ToString()))).Ok.ShouldBeTrue();
        (await shop.Told(ben)).ShouldBe(["case-given"]);
        shop.Clock.Step(TimeSpan.FromDays(9));
        await shop.Runs<TendCasesJob>();

        (await shop.Told(ben)).ShouldBe(["case-given", "case-up"]);
        (await shop.Told(boss)).ShouldContain("case-up");
        (await shop.Told(clerk)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_in_trouble_is_told_once_a_day()
    {
        await using var shop = await Shop.Open();
        var (keeper, clerk) = (await shop.Person("Keeper", "operations"), await shop.Person("Clerk", "warehouse"));
        await shop.Services.GetRequiredService<Heartbeats>().Around("seal-log", TimeSpan.FromSeconds(10),
            () => throw new InvalidOperationException("the disk is full"));

        for (var i = 0; i < 3; i++) await shop.Runs<TellJobTroubleJob>();
        (await shop.Told(keeper)).ShouldBe(["job-trouble"]);
        (await shop.Told(clerk)).ShouldBeEmpty();
        shop.Clock.Step(TimeSpan.FromDays(1));
        await shop.Runs<TellJobTroubleJob>();

        (await shop.Told(keeper)).ShouldBe(["job-trouble", "job-trouble"]);
    }

    [Fact]
    public async Task Who_gave_in_a_file_is_told_once_that_it_was_read_and_what_is_long_past_is_no_news()
    {
        await using var shop = await Shop.Open();
        var (anna, ben) = (await shop.Person("Anna", "buyer"), await shop.Person("Ben", "buyer"));
        var job = Guid.CreateVersion7();

        for (var i = 0; i < 2; i++) await shop.Must<TellImport, TellImport.Request, Done>(new(job, "prices.csv", "prices.csv: 3 rows accepted.", anna.Id));
        await shop.Does<TellImport, TellImport.Request, Done>(
            new(Guid.CreateVersion7(), "old.csv", "old.csv: 3 rows.", ben.Id), Caller.Keel(shop.Company) with { At = Shop.Morning.AddDays(-9) });

        (await shop.Told(anna)).ShouldBe(["import-done"]);
        (await shop.Told(ben)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Everybody_chooses_how_they_are_told_and_reads_only_their_own()
    {
        await using var shop = await Shop.Open();
        var (order, anna, ben) = (await shop.Takes(("BOWL", 1)), await shop.Person("Anna", "service"), await shop.Person("Ben", "service"));
        await shop.Writes(anna, order, "@Ben first");
        (await shop.Does<SetWishes, SetWishes.Request, Done>(new([new("mentioned", false, ByMail.Never)]), shop.By(ben))).Ok.ShouldBeTrue();

        await shop.Writes(anna, order, "@Ben second");

        (await shop.Told(ben)).ShouldBe(["mentioned"]);
        (await shop.Does<ReadNotices, ReadNotices.Request, int>(new(), shop.By(anna))).Value.ShouldBe(0);
        (await shop.Does<ReadNotices, ReadNotices.Request, int>(new(), shop.By(ben))).Value.ShouldBe(1);
        (await shop.Does<ReadNotices, ReadNotices.Request, int>(new(), shop.By(ben))).Value.ShouldBe(0);
        (await shop.Does<SetWishes, SetWishes.Request, Done>(new([new("gossip", true, ByMail.Never)]),
            shop.By(ben))).Error!.Code.ShouldBe("notice.kind-unknown");
    }
}
