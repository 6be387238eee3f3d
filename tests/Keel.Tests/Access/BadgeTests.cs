using System.Net;
using Keel.App.Access;
using Keel.App.Doors;
using Keel.Tests.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

public class BadgeTests
{
    [Fact, Feature("SE-09")]
    public async Task On_a_shared_device_a_badge_and_a_pin_open_and_the_next_person_goes_on_at_the_same_page()
    {
        await using var web = await WebShop.Open();
        await Badge(web, "piet@example.org", "picker", "B-0001", "4821");
        await Badge(web, "nora@example.org", "store", "B-0002", "9137");
        using var device = await Shared(web);

        var asked = await device.Goes("/shipments");
        asked.Location.ShouldBe("/badge?returnUrl=%2Fshipments");
        await device.Goes("/badge?returnUrl=%2Fshipments");
        (await device.Sends("/badge", ("badge", "b-0001"), ("returnUrl", "/shipments"))).Text.ShouldContain("Your PIN");
        (await device.Sends("/badge", ("badge", "b-0001"), ("pin", "4821"), ("returnUrl", "/shipments"))).Location.ShouldBe("/shipments");
        (await device.Goes("/shipments")).Text.ShouldContain("Switch person");
        (await device.Goes("/me")).Text.ShouldContain("piet@example.org");

        await device.Goes("/badge?returnUrl=%2Fstock");
        (await device.Sends("/badge", ("badge", "B-0002"), ("pin", "9137"), ("returnUrl", "/stock"))).Location.ShouldBe("/stock");
        (await device.Goes("/me")).Text.ShouldContain("nora@example.org");
        (await web.Shop.Number("select count(*) from access.session where device_id is not null and ended_at is null")).ShouldBe(1, "who was there before is out");
    }

    [Fact, Feature("SE-09")]
    public async Task A_badge_opens_nothing_elsewhere_and_nothing_when_the_device_has_ended()
    {
        await using var web = await WebShop.Open();
        await Badge(web, "piet@example.org", "picker", "B-0001", "4821");
        using Browsing elsewhere = new(web), device = await Shared(web);

        await elsewhere.Goes("/sign-in");
        (await elsewhere.Sends("/badge", ("badge", "B-0001"), ("pin", "4821"))).Location.ShouldBe("/sign-in");
        (await elsewhere.IsIn()).ShouldBeFalse();

        await device.Goes("/badge");
        await device.Sends("/badge", ("badge", "B-0001"), ("pin", "4821"));
        (await device.IsIn()).ShouldBeTrue();
        using var house = await web.Program(["*"], null);
        await WebShop.Post(house, "/api/v1/access/end-devices", $$"""{"devices":["{{await web.Shop.Text("select id from access.shared_device")}}"]}""");
        (await device.IsIn()).ShouldBeFalse();
        (await device.Goes("/badge")).Location.ShouldBe("/sign-in");
    }

    [Fact, Feature("SE-09")]
    public async Task After_some_minutes_without_work_the_next_one_scans_again()
    {
        await using var web = await WebShop.Open();
        await Badge(web, "piet@example.org", "picker", "B-0001", "4821");
        using var device = await Shared(web, idleMinutes: 3);
        await device.Goes("/badge");
        await device.Sends("/badge", ("badge", "B-0001"), ("pin", "4821"));

        await Idle(web, minutes: 2);
        (await device.IsIn()).ShouldBeTrue();
        await Idle(web, minutes: 2);
        (await device.IsIn()).ShouldBeTrue("work in between counts");
        await Idle(web, minutes: 4);
        (await device.IsIn()).ShouldBeFalse();
    }

    [Fact, Feature("SE-09")]
    public async Task Five_wrong_pins_lock_the_badge_for_the_right_one_too()
    {
        await using var shop = await Shop.Open();
        var piet = await shop.Person("Piet", "picker");
        await shop.Must<GiveBadge, GiveBadge.Request, Done>(new(piet.Id, "B-0001", "4821"));
        var device = await shop.Must<RegisterDevice, RegisterDevice.Request, RegisterDevice.Answer>(new("Table 1"));

        for (var i = 0; i < 5; i++) (await Tries(shop, device, $"000{i}")).Session.ShouldBeNull();
        (await Tries(shop, device, "4821")).ShouldBe(new SignIn.Answer(null, null, true));
        shop.Clock.Step(TimeSpan.FromMinutes(6));

        (await Tries(shop, device, "4821")).Person.ShouldBe(piet.Id);
        (await shop.Text("select pin_hash from access.badge")).ShouldNotContain("4821");
    }

    [Fact, Feature("SE-09")]
    public async Task Administrators_have_no_badge_and_a_pin_is_no_row_of_figures()
    {
        await using var shop = await Shop.Open();
        var (ada, piet) = (await shop.Person("Ada", "administrator"), await shop.Person("Piet", "picker"));
        await shop.Person("Bea", "administrator");

        (await Gives(shop, ada, "4821")).Error!.Code.ShouldBe("access.badge-administrator");
        foreach (var pin in new[] { "1234", "9876", "1111", "12", "12a4", "48214821481" }) (await Gives(shop, piet, pin)).Error!.Code.ShouldBe("access.pin-weak", pin);
        (await Gives(shop, piet, "4821")).Ok.ShouldBeTrue();

        await shop.Must<SetRoles, SetRoles.Request, Done>(new(piet.Id, ["administrator"]));
        var device = await shop.Must<RegisterDevice, RegisterDevice.Request, RegisterDevice.Answer>(new("Table 1"));
        (await shop.Does<SignInWithBadge, SignInWithBadge.Request, SignIn.Answer>(new(device.Token, "B-0001", "4821"), Porter.Caller)).Error!.Code.ShouldBe("access.badge-administrator");
    }

    [Fact, Feature("SE-09")]
    public async Task A_badge_that_was_taken_opens_nothing_and_one_badge_is_for_one_person()
    {
        await using var shop = await Shop.Open();
        var (piet, nora) = (await shop.Person("Piet", "picker"), await shop.Person("Nora", "store"));
        await Gives(shop, piet, "4821");
        var device = await shop.Must<RegisterDevice, RegisterDevice.Request, RegisterDevice.Answer>(new("Table 1"));

        (await Gives(shop, nora, "5937")).Error!.Code.ShouldBe("access.badge-taken");
        (await shop.Does<ChangePin, ChangePin.Request, Done>(new("a long enough word", "7042"), shop.By(piet))).Ok.ShouldBeTrue();
        (await Tries(shop, device, "4821")).Session.ShouldBeNull();
        (await Tries(shop, device, "7042")).Session.ShouldNotBeNull();
        await shop.Must<TakeBadge, TakeBadge.Request, Done>(new(piet.Id));
        (await Tries(shop, device, "7042")).Person.ShouldBeNull();
    }

    private static Task<Result<Done>> Gives(Shop shop, Actor who, string pin) => shop.Does<GiveBadge, GiveBadge.Request, Done>(new(who.Id, "B-0001", pin));

    private static async Task<SignIn.Answer> Tries(Shop shop, RegisterDevice.Answer device, string pin) =>
        (await shop.Does<SignInWithBadge, SignInWithBadge.Request, SignIn.Answer>(new(device.Token, "B-0001", pin), Porter.Caller)).Value;

    private static async Task Badge(WebShop web, string email, string role, string badge, string pin)
    {
        var id = await Browsing.Let(web, email, role);
        (await web.Gate.Run<GiveBadge, GiveBadge.Request, Done>(new(id, badge, pin), Caller.Keel(default))).Ok.ShouldBeTrue();
    }

    /// A browser that an administrator has registered as shared, and left.
    private static async Task<Browsing> Shared(WebShop web, int idleMinutes = 5)
    {
        await Browsing.Let(web, "ada@example.org", "administrator");
        var device = new Browsing(web);
        await device.Enters("ada@example.org");
        await device.Goes("/settings/devices/new");
        (await device.Sends("/settings/devices/here", ("name", "Packing table 2"), ("idleMinutes", $"{idleMinutes}"))).Location.ShouldBe("/settings/devices");
        await device.Goes("/settings/devices");
        await device.Sends("/sign-out");
        return device;
    }

    /// Minutes go by in which nobody does anything.
    private static async Task Idle(WebShop web, int minutes)
    {
        await web.Shop.Number($"update access.session set last_seen_at = last_seen_at - interval '{minutes} minutes' returning 1");
        web.Services.GetRequiredService<Sessions>().Forget();
    }
}
