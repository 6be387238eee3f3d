using Keel.App.Access;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Approvals;

public class SegregationTests
{
    [Fact, Feature("AP-11", "AP-19")]
    public async Task Who_held_an_order_does_not_release_it_where_the_company_is_strict()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        await shop.Chooses(Segregation.Kind, new { pairs = new[] { new { onePermission = "sales.orders.hold", otherPermission = "sales.orders.confirm", apart = "onTheSameDocument" } } });
        var (sven, omar) = (await shop.Person("Sven", "service"), await shop.Person("Omar", "operations"));
        var (held, other) = (await shop.Takes(("TEE-M", 1)), await shop.Takes(("TEE-M", 1)));
        await Holds(shop, sven, held);
        await Holds(shop, omar, other);

        var own = await Confirms(shop, sven, held);

        own.Error!.Code.ShouldBe("segregation.same-document");
        own.Error.Message.ShouldBe($"Sven did \u201cHold orders\u201d on {held.Number}: another person does \u201cConfirm orders\u201d on it.");
        (await shop.StatusOf(held)).ShouldBe(OrderStatus.OnHold, "nothing of it stays");
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'sales.confirm-orders' and outcome = 'refused' and actor_name = 'Sven'")).ShouldBe(1);
        (await Confirms(shop, sven, other)).Ok.ShouldBeTrue("it was held by another person");
        (await Confirms(shop, omar, held)).Ok.ShouldBeTrue();
        await shop.Proves();
    }

    [Fact, Feature("AP-11")]
    public async Task Nobody_is_given_both_sides_of_what_is_kept_apart_in_one_person()
    {
        await using var shop = await Shop.Open();
        var before = await shop.Person("Fay", "finance");
        await shop.Chooses(Segregation.Kind, new { pairs = new[] { new { onePermission = "stock.adjust", otherPermission = "ledger.post-manually", apart = "inOnePerson" } } });

        var both = await shop.Does<CreateUser, CreateUser.Request, Guid>(new("Bo", "bo@harbour.example", "a long enough word", ["finance", "warehouse"]));
        both.Error!.Message.ShouldContain("stock.adjust and ledger.post-manually, which Harbour Home keeps apart");
        (await shop.Does<SetRoles, SetRoles.Request, Done>(new(before.Id, ["finance", "store"]))).Error!.Code.ShouldBe("segregation.roles");
        (await shop.Does<SetRoles, SetRoles.Request, Done>(new(before.Id, ["finance", "auditor"]))).Ok.ShouldBeTrue();

        await shop.Chooses(Segregation.Kind, new
        {
            pairs = new[] { new { onePermission = "stock.adjust", otherPermission = "ledger.post-manually", apart = "inOnePerson" } },
            exceptions = new[] { new { signsInAs = "fay@harbour.example", onePermission = "ledger.post-manually", otherPermission = "stock.adjust", owner = "head of finance", until = "2026-03-31", reason = "year end" } },
        });
        (await shop.Does<SetRoles, SetRoles.Request, Done>(new(before.Id, ["finance", "store"]))).Ok.ShouldBeTrue("somebody answers for it until the end of March");
        shop.Clock.Step(TimeSpan.FromDays(30));
        (await shop.Does<SetRoles, SetRoles.Request, Done>(new(before.Id, ["finance", "store"]))).Error!.Code.ShouldBe("segregation.roles");
    }

    [Fact, Feature("AP-13")]
    public async Task The_report_names_roles_and_people_who_may_do_both_and_who_answers_for_it()
    {
        await using var shop = await Shop.Open();
        await shop.Person("Omar", "operations");
        await shop.Person("Ada", "auditor");
        await shop.Chooses(Segregation.Kind, new
        {
            pairs = new[] { new { onePermission = "stock.adjust", otherPermission = "sales.invoices.credit", apart = "onTheSameDocument" } },
            exceptions = new[] { new { signsInAs = "omar@harbour.example", onePermission = "stock.adjust", otherPermission = "sales.invoices.credit", owner = "head of operations", until = "2026-12-31", reason = "small team" } },
        });
        await using var scope = shop.Scope();
        var report = scope.ServiceProvider.GetRequiredService<SegregationReport>();

        await report.Load();

        report.ByRole.Select(l => l.Who).ShouldBe(["Operations"]);
        report.ByPerson.Single().Excepted!.Owner.ShouldBe("head of operations");
    }

    [Fact]
    public async Task The_delivered_pairs_name_permissions_that_exist()
    {
        await using var shop = await Shop.Open();
        Segregation.AsDelivered.Pairs.SelectMany(p => new[] { p.OnePermission, p.OtherPermission }).Where(p => !shop.Catalog.Permissions.Contains(p)).ShouldBeEmpty();
    }

    private static async Task Holds(Shop shop, Actor who, CapturedOrder order) =>
        (await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "address is doubtful"), shop.By(who))).Ok.ShouldBeTrue();

    private static Task<Result<IReadOnlyList<ConfirmOrders.Answer>>> Confirms(Shop shop, Actor who, CapturedOrder order) =>
        shop.Does<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value]), shop.By(who));
}
