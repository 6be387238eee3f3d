using Keel.Kernel.Views;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// How the queues did, and what each person sees of them.
public class CaseNumbersTests
{
    [Fact, Feature("EX-06")]
    public async Task The_numbers_say_what_came_in_what_ended_how_and_how_soon()
    {
        await using var shop = await Shop.Open();
        var (soon, late) = (await shop.BackorderCase(), await shop.BackorderCase());
        await shop.BackorderCase();
        await shop.ClosesCases("they wait", "customer-waits", soon);
        shop.Clock.Step(TimeSpan.FromHours(30));
        await shop.Tends();
        await shop.ClosesCases("goods from overflow", "found-goods", late);

        var row = await Numbers(shop);

        (row.Opened, row.Closed, row.InTime, row.Open, row.LateNow).ShouldBe((3, 2, 50, 1, 1));
        (row.MedianAgeHours, row.Escalated, row.Endings).ShouldBe((30, 2, "customer-waits 1, found-goods 1"));
    }

    [Fact, Feature("EX-06")]
    public async Task What_ended_more_than_thirty_days_ago_counts_no_more_but_what_is_open_does()
    {
        await using var shop = await Shop.Open();
        var old = await shop.BackorderCase();
        await shop.BackorderCase();
        await shop.ClosesCases("they wait", "customer-waits", old);
        shop.Clock.Step(TimeSpan.FromDays(31));

        var row = await Numbers(shop);

        (row.Opened, row.Closed, row.InTime, row.Open, row.Endings).ShouldBe((0, 0, null, 1, null));
        row.MedianAgeHours.ShouldBe(31 * 24);
    }

    [Fact, Feature("EX-05")]
    public async Task Everybody_sees_what_is_theirs_and_what_is_their_teams()
    {
        await using var shop = await Shop.Open();
        var (anna, fiona) = (await shop.Hires("Anna", "operations"), await shop.Hires("Fiona", "finance"));
        var (mine, free) = (await shop.BackorderCase(), await shop.BackorderCase());
        await shop.TakesCase(fiona, mine);

        (await Seen(shop, fiona, "f.mine=true")).ShouldBe([mine.Value]);
        (await Seen(shop, fiona, "f.our-teams=true")).ShouldBeEmpty();
        (await Seen(shop, anna, "f.our-teams=true&sort=opened-at")).ShouldBe([mine.Value, free.Value], ignoreOrder: true);
        (await Seen(shop, anna, "f.assignee-id.is=empty")).ShouldBe([free.Value]);
    }

    private static async Task<CaseNumbers.Row> Numbers(Shop shop)
    {
        await using var scope = shop.Scope();
        var page = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<CaseNumbers.Row>(typeof(CaseNumbers), null, ViewQuery.Parse(ViewInfo.Of<CaseNumbers>(), "").Value);
        return page.Value.Rows.ShouldHaveSingleItem();
    }

    private static async Task<IEnumerable<Guid>> Seen(Shop shop, Actor who, string question)
    {
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Work>().Actor = who;
        var page = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<CaseList.Row>(typeof(CaseList), null, ViewQuery.Parse(ViewInfo.Of<CaseList>(), question).Value);
        return page.Value.Rows.Select(r => r.Id);
    }
}
