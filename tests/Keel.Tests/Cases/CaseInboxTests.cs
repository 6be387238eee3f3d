using Keel.Sales;
using Keel.Sales.Contract;
using Npgsql;
using Shouldly;
using Xunit;
using OneCase = Keel.Kernel.Case;

namespace Keel.Tests;

/// What people do with cases: take, hand over, put off, pass up, note, close.
public class CaseInboxTests
{
    [Fact, Feature("EX-05")]
    public async Task Who_takes_a_case_has_it_and_its_story_says_so()
    {
        await using var shop = await Shop.Open();
        var anna = await shop.Hires("Anna", "operations");
        var one = await shop.BackorderCase();

        (await shop.TakesCase(anna, one)).Value[0].State.ShouldBe(CaseState.Open);

        (await shop.Of(one, "assignee, assignee_id")).ShouldBe($"Anna {anna.Id}");
        (await shop.Text($"select string_agg(kind || ' by ' || actor_name, ', ' order by position) from kernel.case_step where case_id = '{one}'")).ShouldBe("Opened by Keel, Taken by Anna");
        (await shop.TakesCase(anna, one)).Error!.Code.ShouldBe(TakeCases.Yours.Code);
    }

    [Fact, Feature("EX-05")]
    public async Task Of_two_who_take_the_same_case_one_wins_and_the_other_is_told_who()
    {
        await using var shop = await Shop.Open();
        var people = new[] { await shop.Hires("Anna", "operations"), await shop.Hires("Bea", "operations"), await shop.Hires("Carl", "operations") };
        var one = await shop.BackorderCase();

        var answers = await Task.WhenAll(people.Select(p => shop.TakesCase(p, one)));

        answers.Count(a => a.Ok).ShouldBe(1);
        var winner = await shop.Of(one, "assignee");
        foreach (var told in answers.Where(a => !a.Ok)) told.Error!.Message.ShouldContain($"{winner} has taken");
        (await shop.StoryOf(one)).ShouldBe("Opened Taken");
    }

    [Fact, Feature("EX-05")]
    public async Task One_bad_case_of_a_list_does_not_sink_the_others()
    {
        await using var shop = await Shop.Open();
        var (anna, bea) = (await shop.Hires("Anna", "operations"), await shop.Hires("Bea", "operations"));
        var (free, taken, closed, nowhere) = (await shop.BackorderCase(), await shop.BackorderCase(), await shop.BackorderCase(), new Id<OneCase>(Guid.NewGuid()));
        await shop.TakesCase(bea, taken);
        await shop.ClosesCases("goods were found", null, closed);

        var answers = (await shop.TakesCase(anna, free, taken, closed, nowhere)).Value;

        answers.Select(a => a.Refusal?.Code).ShouldBe([null, "case.taken", "case.closed", "case.unknown"]);
        answers[2].Refusal!.Message.ShouldContain("goods were found");
        (await shop.Of(free, "assignee")).ShouldBe("Anna");
        (await shop.Of(taken, "assignee")).ShouldBe("Bea");
    }

    [Fact, Feature("EX-05", "HD-09")]
    public async Task A_case_is_handed_to_a_person_or_to_a_team()
    {
        await using var shop = await Shop.Open();
        var anna = await shop.Hires("Anna", "service");
        var one = await shop.BackorderCase();

        (await shop.Assigns(anna.Id.ToString(), one)).Ok.ShouldBeTrue();
        (await shop.Of(one, "owner, assignee")).ShouldBe("operations Anna");
        (await shop.Assigns("finance", one)).Ok.ShouldBeTrue();

        (await shop.Of(one, "owner, assignee")).ShouldBe("finance");
        (await shop.Assigns("finance", one)).Error!.Code.ShouldBe(AssignCases.There.Code);
    }

    [Fact]
    public async Task Nobody_is_given_a_case_who_is_unknown_or_may_not_work_on_it()
    {
        await using var shop = await Shop.Open();
        var eva = await shop.Hires("Eva", "executive");
        var one = await shop.BackorderCase();

        (await shop.Assigns(Guid.NewGuid().ToString(), one)).Error.ShouldBe(AssignCases.NoPerson);
        (await shop.Assigns("the boys", one)).Error!.Message.ShouldContain("finance");
        (await shop.Assigns(eva.Id.ToString(), one)).Error!.Message.ShouldStartWith("Eva may not");

        (await shop.StoryOf(one)).ShouldBe("Opened");
    }

    [Fact, Feature("EX-05")]
    public async Task What_sleeps_comes_back_by_itself_and_keeps_its_target()
    {
        await using var shop = await Shop.Open();
        var one = await shop.BackorderCase();
        var due = await shop.Of(one, "due_at");

        (await shop.Snoozes(one, shop.Clock.GetUtcNow().AddHours(2))).Value[0].State.ShouldBe(CaseState.Snoozed);
        await shop.Tends();
        (await shop.Of(one, "state")).ShouldBe("Snoozed");
        shop.Clock.Step(TimeSpan.FromHours(2));
        await shop.Tends();

        (await shop.Of(one, "state, snoozed_until, due_at")).ShouldBe("Open " + due);
        (await shop.StoryOf(one)).ShouldBe("Opened Snoozed Woken");
    }

    [Fact]
    public async Task Without_an_instant_it_sleeps_until_eight_tomorrow_where_the_company_is()
    {
        await using var shop = await Shop.Open();
        var one = await shop.BackorderCase();

        await shop.Snoozes(one, null);

        (await shop.Of(one, "snoozed_until at time zone 'Europe/Amsterdam'")).ShouldBe("2026-03-11 08:00:00");
    }

    [Fact]
    public async Task Nothing_sleeps_in_the_past_or_longer_than_thirty_days()
    {
        await using var shop = await Shop.Open();
        var one = await shop.BackorderCase();

        (await shop.Snoozes(one, shop.Clock.GetUtcNow().AddMinutes(-1))).Error.ShouldBe(SnoozeCases.Past);
        (await shop.Snoozes(one, shop.Clock.GetUtcNow().AddDays(31))).Error.ShouldBe(SnoozeCases.TooLong);
        (await shop.Snoozes(one, shop.Clock.GetUtcNow().AddDays(30))).Ok.ShouldBeTrue();
    }

    [Fact, Feature("EX-05")]
    public async Task A_case_that_sleeps_is_not_opened_a_second_time_and_ends_with_its_reason()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        var one = await shop.CaseOf(order);
        await shop.Snoozes(one, shop.Clock.GetUtcNow().AddDays(2));

        await shop.Does<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([order.Id!.Value]));
        (await shop.Number("select count(*) from kernel.work_case")).ShouldBe(1);
        await shop.Stocks("BOWL", 5);
        await shop.Does<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([order.Id!.Value]));

        (await shop.Of(one, "state, resolution_code, resolution")).ShouldBe("Closed settled reserved in full");
        (await shop.StoryOf(one)).ShouldBe("Opened Snoozed Closed");
    }

    [Fact, Feature("EX-06", "HD-09")]
    public async Task What_is_passed_up_is_more_severe_and_waits_for_the_supervisor()
    {
        await using var shop = await Shop.Open();
        var anna = await shop.Hires("Anna", "operations");
        var one = await shop.BackorderCase();
        await shop.TakesCase(anna, one);

        (await shop.Escalates(one, "a whole hotel waits")).Ok.ShouldBeTrue();

        (await shop.Of(one, "severity, owner, assignee, escalated")).ShouldBe("High administrator 1");
        (await shop.Text($"select words from kernel.case_step where case_id = '{one}' and kind = 'Escalated'")).ShouldBe("passed up to administrator: a whole hotel waits");
        (await shop.Escalates(one, "again")).Error!.Code.ShouldBe(EscalateCases.Top.Code);
    }

    [Fact, Feature("EX-06", "AU-11")]
    public async Task What_is_late_is_passed_up_once_and_after_twice_its_time_once_more()
    {
        await using var shop = await Shop.Open();
        var anna = await shop.Hires("Anna", "operations");
        var one = await shop.BackorderCase();
        await shop.TakesCase(anna, one);

        shop.Clock.Step(TimeSpan.FromHours(25));
        await shop.Tends();
        await shop.Tends();
        (await shop.Of(one, "severity, owner, assignee, escalated")).ShouldBe("Normal administrator Anna 1");
        shop.Clock.Step(TimeSpan.FromHours(24));
        await shop.Tends();
        await shop.Tends();

        (await shop.Of(one, "severity, owner, escalated, escalates_at is null")).ShouldBe("High administrator 2 t");
        (await shop.StoryOf(one)).ShouldBe("Opened Taken Escalated Escalated");
    }

    [Fact, Feature("EX-06")]
    public async Task What_sleeps_is_passed_up_when_it_comes_back_late()
    {
        await using var shop = await Shop.Open();
        var one = await shop.BackorderCase();
        await shop.Snoozes(one, shop.Clock.GetUtcNow().AddHours(30));

        shop.Clock.Step(TimeSpan.FromHours(26));
        await shop.Tends();
        (await shop.Of(one, "escalated")).ShouldBe("0");
        shop.Clock.Step(TimeSpan.FromHours(5));
        await shop.Tends();

        (await shop.StoryOf(one)).ShouldBe("Opened Snoozed Woken Escalated");
    }

    [Fact, Feature("EX-05")]
    public async Task A_case_ends_with_a_code_of_its_kind_and_words()
    {
        await using var shop = await Shop.Open();
        var (coded, spoken, free) = (await shop.BackorderCase(), await shop.BackorderCase(), await shop.BackorderCase());

        (await shop.ClosesCases("they wait until May", "rate-noted", coded)).Error!.Message.ShouldContain("customer-waits");
        (await shop.ClosesCases("they wait until May", "customer-waits", coded)).Ok.ShouldBeTrue();
        (await shop.ClosesCases("Found goods", null, spoken)).Ok.ShouldBeTrue();
        (await shop.Does<CloseCase, CloseCase.Request, Done>(new(free, "talked to them"))).Ok.ShouldBeTrue();

        (await shop.Of(coded, "resolution_code, resolution, closed_by")).ShouldBe("customer-waits they wait until May Keel");
        (await shop.Of(spoken, "resolution_code")).ShouldBe("found-goods");
        (await shop.Of(free, "resolution_code is null")).ShouldBe("t");
        (await shop.Does<CloseCase, CloseCase.Request, Done>(new(free, "talked again"))).Error.ShouldBe(CloseCase.Gone);
    }

    [Fact, Feature("EX-07")]
    public async Task The_story_of_a_case_is_never_changed_and_takes_notes_after_the_end()
    {
        await using var shop = await Shop.Open();
        var one = await shop.BackorderCase();
        await shop.ClosesCases("goods were found", null, one);

        (await shop.Does<NoteCase, NoteCase.Request, CaseAnswer[]>(new([one], "they were behind the door"))).Ok.ShouldBeTrue();

        (await shop.StoryOf(one)).ShouldBe("Opened Closed Noted");
        (await Should.ThrowAsync<PostgresException>(() => shop.Text("update kernel.case_step set words = 'nothing happened'"))).SqlState.ShouldBe("KE001");
        (await Should.ThrowAsync<PostgresException>(() => shop.Text("delete from kernel.case_step"))).SqlState.ShouldBe("KE001");
    }

    [Fact, Feature("EX-07")]
    public async Task A_promise_that_was_lost_is_settled_when_the_goods_are_found_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 3);
        var order = await shop.Takes(("BOWL", 3));
        await shop.Counts("MAIN/STOCK", "BOWL", 1);
        var one = await shop.CaseOf(order);
        (await shop.Of(one, "kind, state")).ShouldBe("promise-displaced Open");

        await shop.Stocks("BOWL", 2);
        await shop.Does<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([order.Id!.Value]));

        (await shop.Of(one, "state, resolution_code")).ShouldBe("Closed settled");
    }

    [Fact, Feature("EX-07")]
    public async Task A_case_whose_order_is_cancelled_or_confirmed_closes_by_itself()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        var (called, held) = (await shop.Takes(("BOWL", 1)), await shop.Takes(("TEE-M", 1)));
        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([held.Id!.Value], "wait for the second order"));
        var (first, second) = (await shop.CaseOf(called), await shop.CaseOf(held));

        await shop.Cancels(called);
        await shop.Does<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([held.Id!.Value]));

        (await shop.Of(first, "state, resolution_code")).ShouldBe("Closed called-off");
        (await shop.Of(second, "state, resolution_code")).ShouldBe("Closed confirmed");
    }
}
