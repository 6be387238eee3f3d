using Keel.App.Access;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

public class RoleTests
{
    [Fact, Feature("SE-01")]
    public async Task A_role_of_the_house_allows_what_it_says_and_is_followed_when_it_changes()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveRole, SaveRole.Request, Done>(new("night-shift", "Night shift", ["warehouse.read", "stock.*"]));
        var nora = await shop.Person("Nora", "night-shift");

        nora.May("stock.adjust").ShouldBeTrue();
        nora.May("sales.read").ShouldBeFalse();
        await shop.Must<SaveRole, SaveRole.Request, Done>(new("night-shift", "Night shift", ["warehouse.read"], Version: 1));
        (await shop.Again(nora)).May("stock.adjust").ShouldBeFalse();
        nora.May(AccessPermissions.Own).ShouldBeTrue("everybody looks after themselves");
    }

    [Fact, Feature("SE-01")]
    public async Task Two_who_change_one_role_do_not_overwrite_each_other()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveRole, SaveRole.Request, Done>(new("picker", "Picker", ["warehouse.*"], Version: 0));

        var late = await shop.Does<SaveRole, SaveRole.Request, Done>(new("picker", "Picker", ["stock.*"], Version: 0));
        var blind = await shop.Does<SaveRole, SaveRole.Request, Done>(new("picker", "Picker", ["stock.*"]));

        late.Error!.Code.ShouldBe("access.role-changed");
        blind.Error!.Code.ShouldBe("access.role-exists");
        (await shop.Text("select array_to_string(permissions, ' ') from access.role where name = 'picker'")).ShouldBe("warehouse.*");
    }

    [Fact, Feature("SE-01")]
    public async Task The_last_administrator_is_neither_disabled_nor_narrowed_nor_is_the_role_emptied()
    {
        await using var shop = await Shop.Open();
        var ada = await shop.Person("Ada", "administrator");

        Result<Done>[] tries =
        [
            await shop.Does<SetRoles, SetRoles.Request, Done>(new(ada.Id, ["auditor"])),
            await shop.Does<SetRoles, SetRoles.Request, Done>(new(ada.Id, ["administrator"], Disabled: true)),
            await shop.Does<SetRoles, SetRoles.Request, Done>(new(ada.Id, ["administrator"], Sites: ["MAIN"])),
            await shop.Does<SaveRole, SaveRole.Request, Done>(new("administrator", "Administrator", ["sales.*", "access.*"], Version: 0)),
        ];

        tries.Select(t => t.Error?.Code).ShouldAllBe(c => c == "access.no-administrator");
        tries[0].Error!.Message.ShouldContain("Give somebody else the role of the administrator first");
        (await shop.Again(ada)).May("anything.at-all").ShouldBeTrue("nothing of it stays");
        var second = await shop.Person("Bea", "administrator");
        (await shop.Does<SetRoles, SetRoles.Request, Done>(new(ada.Id, ["auditor"]))).Ok.ShouldBeTrue();
        (await shop.Does<SetRoles, SetRoles.Request, Done>(new(second.Id, ["auditor"]))).Error!.Code.ShouldBe("access.no-administrator");
    }

    [Fact, Feature("SE-01")]
    public async Task Two_administrators_who_disable_each_other_leave_one()
    {
        await using var shop = await Shop.Open();
        var (ada, bea) = (await shop.Person("Ada", "administrator"), await shop.Person("Bea", "administrator"));

        var tries = await Task.WhenAll(
            shop.Does<SetRoles, SetRoles.Request, Done>(new(bea.Id, ["administrator"], Disabled: true), shop.By(ada)),
            shop.Does<SetRoles, SetRoles.Request, Done>(new(ada.Id, ["administrator"], Disabled: true), shop.By(bea)));

        tries.Count(t => t.Ok).ShouldBe(1);
        tries.Single(t => !t.Ok).Error!.Code.ShouldBe("access.no-administrator");
    }

    [Fact, Feature("SE-01")]
    public async Task Nobody_makes_a_role_that_may_more_than_they_and_nobody_limited_makes_any()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveRole, SaveRole.Request, Done>(new("people-desk", "People desk", ["access.*", "kernel.read"]));
        var pia = await shop.Person("Pia", "people-desk");

        var more = await shop.Does<SaveRole, SaveRole.Request, Done>(new("mine", "Mine", ["ledger.*"]), shop.By(pia));
        var others = await shop.Does<SaveRole, SaveRole.Request, Done>(new("finance", "Finance", ["kernel.read"], Version: 0), shop.By(pia));
        var limited = await shop.Does<SaveRole, SaveRole.Request, Done>(new("mine", "Mine", ["kernel.read"]), shop.By(pia with { Nodes = System.Collections.Frozen.FrozenSet.Create("MAIN") }));
        var unknown = await shop.Does<SaveRole, SaveRole.Request, Done>(new("mine", "Mine", ["sales.fly"]));

        new[] { more, others, limited, unknown }.Select(r => r.Error!.Code).ShouldBe(["access.beyond-own", "access.beyond-own", "access.roles-are-everywhere", "access.permission-unknown"]);
    }

    [Fact, Feature("AP-13")]
    public async Task A_role_does_not_give_its_holders_both_sides_of_what_is_kept_apart_in_one_person()
    {
        await using var shop = await Shop.Open();
        await shop.Person("Fay", "finance", "store");
        await shop.Chooses(Segregation.Kind, new { pairs = new[] { new { onePermission = "stock.locations", otherPermission = "ledger.post-manually", apart = "inOnePerson" } } });

        var store = Role.Delivered.Single(r => r.Name == "store");
        var both = await shop.Does<SaveRole, SaveRole.Request, Done>(new("store", "Store", [.. store.Permissions, "stock.locations"], Version: 0));

        both.Error!.Code.ShouldBe("segregation.roles");
        both.Error.Message.ShouldStartWith("Fay holds this role.");
        (await shop.Does<SaveRole, SaveRole.Request, Done>(new("store", "Store", [.. store.Permissions, "stock.receive"], Version: 0))).Ok.ShouldBeTrue();
    }

    [Fact, Feature("SE-01", "SE-02")]
    public async Task Before_it_is_saved_a_role_shows_its_menu_its_operations_and_what_stays_hidden()
    {
        await using var shop = await Shop.Open();

        var blind = RoleSight.Of(shop.Catalog, ["sales.read", "sales.orders.hold"]);
        var seeing = RoleSight.Of(shop.Catalog, ["sales.read", "sales.orders.hold", "kernel.see-cost", "kernel.see-personal"]);

        blind.Menu.Select(s => s.Title).ShouldContain("Orders");
        blind.Menu.Select(s => s.Title).ShouldNotContain("Stock");
        blind.Operations.Single(o => o.Module == "sales").Titles.ShouldBe(["Hold orders"]);
        blind.HiddenColumns.SelectMany(h => h.Columns).ShouldNotBeEmpty();
        seeing.HiddenColumns.ShouldBeEmpty();
        seeing.Lists.ShouldBe(blind.Lists + 1, "what orders bring is a list for those who may see costs");
    }

    [Fact, Feature("SE-01")]
    public async Task A_role_that_somebody_holds_stays_and_a_changed_one_goes_back_to_what_was_delivered()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveRole, SaveRole.Request, Done>(new("night-shift", "Night shift", ["warehouse.read"]));
        await shop.Must<SaveRole, SaveRole.Request, Done>(new("buyer", "Buyer", ["warehouse.read"], Version: 0));
        var nora = await shop.Person("Nora", "night-shift", "buyer");

        (await shop.Does<RemoveRole, RemoveRole.Request, Done>(new("night-shift"))).Error!.Message.ShouldStartWith("One person holds this role.");
        (await shop.Does<RemoveRole, RemoveRole.Request, Done>(new("buyer"))).Ok.ShouldBeTrue();
        (await shop.Again(nora)).May("stock.receive").ShouldBeTrue();
        (await shop.Does<RemoveRole, RemoveRole.Request, Done>(new("buyer"))).Error!.Code.ShouldBe("access.role-as-delivered");
    }

    [Fact, Feature("SE-01")]
    public async Task Every_role_of_the_delivery_names_permissions_that_exist()
    {
        await using var shop = await Shop.Open();
        var book = new PermissionBook(shop.Catalog);

        Role.Delivered.SelectMany(r => r.Permissions).Where(p => !book.Knows(p)).ShouldBeEmpty();
        Role.Delivered.Select(r => r.Name).ShouldBe(["administrator", "operations", "warehouse", "picker", "buyer", "finance", "service", "channel-manager", "merchandiser", "store", "executive", "auditor"]);
    }
}
