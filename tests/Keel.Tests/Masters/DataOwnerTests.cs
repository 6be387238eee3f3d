using Keel.Kernel.Views;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

public class DataOwnerTests
{
    [Fact, Feature("MD-01")]
    public async Task Every_domain_has_a_person_or_a_team_or_is_shown_as_owned_by_nobody()
    {
        await using var shop = await Shop.Open();
        var (owner, deputy) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Dirk", "merchandiser"));
        await shop.Owns(owner, "products", deputy);
        await shop.Must<SetDataOwner, SetDataOwner.Request, Done>(new("tax-rules", Team: "finance"));

        var rows = (await Owners(shop)).ToDictionary(r => r.Domain);

        rows.Keys.ShouldBe(["products", "customers", "suppliers", "prices", "tax-rules", "locations", "channels", "replenishment", "return-reasons", "reports", "policies", "reasons"], ignoreOrder: true);
        (rows["products"].Owner, rows["products"].Deputy, rows["products"].Next).ShouldBe(("Olga", "Dirk", "Is owned"));
        (rows["tax-rules"].Owner, rows["tax-rules"].IsTeam).ShouldBe(("finance", true));
        (rows["prices"].Owner, rows["prices"].Next).ShouldBe((null, "Name an owner"));
    }

    [Fact, Feature("MD-01")]
    public async Task An_owner_is_one_person_or_one_team_and_the_deputy_is_another()
    {
        await using var shop = await Shop.Open();
        var owner = await shop.Person("Olga", "merchandiser");

        (await Tries(shop, new("products", owner.Id, "finance"))).ShouldBe("data-owner.one");
        (await Tries(shop, new("products", owner.Id, null, owner.Id))).ShouldBe("data-owner.same");
        (await Tries(shop, new("products", Team: "gardeners"))).ShouldBe("data-owner.team-unknown");
        (await Tries(shop, new("products", Guid.NewGuid()))).ShouldBe("data-owner.nobody");
        (await Tries(shop, new("weather", owner.Id))).ShouldBe("data-owner.domain-unknown");
        (await Tries(shop, new("products", Deputy: owner.Id))).ShouldBe("data-owner.deputy-alone");
        (await Owners(shop)).ShouldAllBe(r => r.Owner == null);
    }

    private static async Task<string> Tries(Shop shop, SetDataOwner.Request request) =>
        (await shop.Does<SetDataOwner, SetDataOwner.Request, Done>(request)).Error!.Code;

    private static async Task<IReadOnlyList<DataOwnerList.Row>> Owners(Shop shop)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Rows<DataOwnerList, DataOwnerList.Row>()).Value;
    }
}
