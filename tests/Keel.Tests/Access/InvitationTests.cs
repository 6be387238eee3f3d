using System.Net;
using Keel.App.Access;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

public class InvitationTests
{
    [Fact, Feature("SE-09")]
    public async Task A_link_lets_one_person_in_once_with_a_password_of_their_own()
    {
        await using var web = await WebShop.Open();
        var link = await Invites(web, "nora@example.org", "picker");
        using Browsing nora = new(web), thief = new(web);

        (await nora.Goes(link)).Text.ShouldContain("nora@example.org");
        (await nora.Sends(link, ("name", "Nora"), ("password", "nora2026nora"))).Text.ShouldContain("made of your own name");
        (await nora.Sends(link, ("name", "Nora"), ("password", Browsing.Password))).Location.ShouldBe("/");
        (await nora.IsIn()).ShouldBeTrue();

        (await thief.Goes(link)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await thief.Enters("nora@example.org")).Location.ShouldBe("/");
        (await web.Shop.Text("select array_to_string(roles, ' ') from access.person where email = 'nora@example.org'")).ShouldBe("picker");
    }

    [Fact, Feature("SE-09")]
    public async Task A_link_that_is_old_or_taken_back_or_followed_by_another_opens_nothing()
    {
        await using var shop = await Shop.Open();
        var first = await shop.Must<InviteUser, InviteUser.Request, InvitationLink>(new("nora@example.org", ["picker"]));
        var second = await shop.Must<InviteUser, InviteUser.Request, InvitationLink>(new("Nora@example.org", ["picker"], Days: 2));
        var other = await shop.Must<InviteUser, InviteUser.Request, InvitationLink>(new("piet@example.org", ["picker"]));
        (await shop.Must<RevokeInvitations, RevokeInvitations.Request, IReadOnlyList<RevokeInvitations.Answer>>(new([other.Id]))).ShouldBe([new("piet@example.org", null)]);

        (await Accepts(shop, first)).Error!.Code.ShouldBe("access.invitation-over");
        (await Accepts(shop, other)).Error!.Code.ShouldBe("access.invitation-over");
        shop.Clock.Step(TimeSpan.FromDays(2));
        (await Accepts(shop, second)).Error!.Code.ShouldBe("access.invitation-over");
        (await shop.Number("select count(*) from access.person")).ShouldBe(0);
    }

    [Fact, Feature("SE-09")]
    public async Task A_refused_password_does_not_use_the_link_up()
    {
        await using var shop = await Shop.Open();
        var link = await shop.Must<InviteUser, InviteUser.Request, InvitationLink>(new("nora@example.org", ["picker"]));

        (await Accepts(shop, link, "short")).Error!.Code.ShouldBe("access.not-accepted");
        (await Accepts(shop, link)).Value.Session.ShouldNotBeNull();
    }

    [Fact, Feature("SE-09")]
    public async Task One_link_that_two_open_at_once_lets_one_in()
    {
        await using var shop = await Shop.Open();
        var link = await shop.Must<InviteUser, InviteUser.Request, InvitationLink>(new("nora@example.org", ["picker"]));

        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Accepts(shop, link)));

        tries.Count(t => t.Ok).ShouldBe(1);
    }

    [Fact, Feature("SE-09")]
    public async Task Who_forgot_the_password_sets_another_one_by_a_link_and_keeps_the_second_factor()
    {
        await using var shop = await Shop.Open();
        var nora = await shop.Person("Nora", "picker");
        await shop.Number("update access.person set two_factor_enabled = true");

        var link = await shop.Must<LetSetPassword, LetSetPassword.Request, InvitationLink>(new(nora.Id));
        var set = await Accepts(shop, link, "tram over the river");

        set.Value.ShouldBe(new SignIn.Answer(nora.Id, null, false), "the password is set, and the code is still asked for");
        var porter = Keel.App.Doors.Porter.Caller;
        (await shop.Does<SignIn, SignIn.Request, SignIn.Answer>(new("nora@harbour.example", "tram over the river"), porter)).Value.Person.ShouldBe(nora.Id);
        (await shop.Does<SignIn, SignIn.Request, SignIn.Answer>(new("nora@harbour.example", "a long enough word"), porter)).Value.Person.ShouldBeNull();
    }

    [Fact, Feature("SE-01")]
    public async Task Nobody_invites_to_more_than_they_may_or_takes_over_who_may_more()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveRole, SaveRole.Request, Done>(new("people-desk", "People desk", ["access.*", "kernel.read"]));
        var (pia, ada) = (await shop.Person("Pia", "people-desk"), await shop.Person("Ada", "administrator"));

        var invited = await shop.Does<InviteUser, InviteUser.Request, InvitationLink>(new("x@example.org", ["administrator"]), shop.By(pia));
        var taken = await shop.Does<LetSetPassword, LetSetPassword.Request, InvitationLink>(new(ada.Id), shop.By(pia));

        (invited.Error!.Code, taken.Error!.Code).ShouldBe(("access.beyond-own", "access.beyond-own"));
    }

    private static Task<Result<SignIn.Answer>> Accepts(Shop shop, InvitationLink link, string password = "a long enough one") =>
        shop.Does<AcceptInvitation, AcceptInvitation.Request, SignIn.Answer>(new(link.Link["/invitation/".Length..], password, "Nora"), Keel.App.Doors.Porter.Caller);

    private static async Task<string> Invites(WebShop web, string email, string role) =>
        (await web.Gate.Run<InviteUser, InviteUser.Request, InvitationLink>(new(email, [role]), Caller.Keel(default))).Value.Link;
}
