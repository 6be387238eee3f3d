using Keel.Catalog.Products;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Partners.Privacy;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

public class ChangeRequestTests
{
    [Fact, Feature("MD-02", "AP-08")]
    public async Task A_change_by_somebody_else_waits_for_the_owner_with_before_and_after()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Bram", "buyer"));
        await shop.Owns(owner, "products");
        await shop.AsksFor("products");

        var asked = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 640));

        asked.Waiting!.Sentence.ShouldBe("Changes weight grams of BOWL: nothing → 640. It waits for Olga, who answers for products, until 2026-03-13 09:00.");
        (await shop.Weight("BOWL")).ShouldBe("");
        (await shop.Text("select c ->> 'field' || ' ' || coalesce(c ->> 'before', '-') || ' ' || (c ->> 'after') from kernel.approval, jsonb_array_elements(effect -> 'changes') c")).ShouldBe("weightGrams - 640");

        (await shop.Decides(clerk, asked.Waiting.Approval, yes: true)).Error.ShouldBe(DecideApproval.Own);
        (await shop.Decides(owner, asked.Waiting.Approval, yes: true)).Value.ShouldBe(ApprovalState.Approved);
        (await shop.Weight("BOWL")).ShouldBe("640");
    }

    [Fact, Feature("MD-02")]
    public async Task The_owner_changes_directly_and_so_does_the_deputy_and_nobody_else_decides()
    {
        await using var shop = await Shop.Open();
        var (owner, deputy, boss) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Dirk", "merchandiser"), await shop.Person("Anna", "operations"));
        await shop.Owns(owner, "products", deputy);
        await shop.AsksFor("products");

        (await shop.Saves(owner, new("BOWL", "Bowl", WeightGrams: 640))).Ok.ShouldBeTrue();
        (await shop.Saves(deputy, new("BOWL", "Bowl", WeightGrams: 650))).Ok.ShouldBeTrue();
        var asked = await shop.Saves(boss, new("BOWL", "Bowl", WeightGrams: 700));

        (await shop.Decides(boss, asked.Waiting!.Approval, yes: true)).Error.ShouldBe(DecideApproval.Own);
        var other = await shop.Person("Otto", "operations");
        (await shop.Decides(other, asked.Waiting.Approval, yes: true)).Error!.Message.ShouldContain("Olga, deputy Dirk answers for products");
        (await shop.Decides(deputy, asked.Waiting.Approval, yes: false, "it weighs 650")).Value.ShouldBe(ApprovalState.Refused);
        (await shop.Weight("BOWL")).ShouldBe("650");
    }

    [Fact, Feature("MD-02")]
    public async Task Two_requests_for_different_fields_undo_nothing_of_each_other()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Bram", "buyer"));
        await shop.Owns(owner, "products");
        await shop.AsksFor("products");
        var weight = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 640));
        var name = await shop.Saves(clerk, new("BOWL", "Salad bowl"));

        await shop.Decides(owner, weight.Waiting!.Approval, yes: true);
        await shop.Decides(owner, name.Waiting!.Approval, yes: true);

        (await shop.Text("select name || ' ' || weight_grams from catalog.product where sku = 'BOWL'")).ShouldBe("Salad bowl 640");
        (await shop.ApprovalOf(name.Waiting.Approval)).ShouldStartWith("Done");
    }

    [Fact, Feature("MD-02")]
    public async Task The_second_request_for_a_field_is_based_on_an_old_value_until_it_is_based_on_todays()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Bram", "buyer"));
        await shop.Owns(owner, "products");
        await shop.AsksFor("products");
        var first = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 640));
        var second = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 700));
        var id = second.Waiting!.Approval;
        await shop.Decides(owner, first.Waiting!.Approval, yes: true);

        (await shop.Decides(owner, id, yes: true)).Error!.Code.ShouldBe("approval.overtaken");
        (await shop.Text($"select stale -> 0 ->> 'now' from kernel.approval where id = '{id}'")).ShouldBe("640");

        await shop.As<RebaseRequest, RebaseRequest.Request, Done>(owner, new(new Id<Approval>(id), await shop.VersionOf(id)));
        await shop.Delivers();
        (await shop.ApprovalOf(id)).ShouldBe("Waiting: Changes weight grams of BOWL: 640 → 700.");
        await shop.Decides(owner, id, yes: true);
        (await shop.Weight("BOWL")).ShouldBe("700");
    }

    [Fact, Feature("MD-02")]
    public async Task A_direct_change_by_the_owner_overtakes_what_waits()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Bram", "buyer"));
        await shop.Owns(owner, "products");
        await shop.AsksFor("products");
        var asked = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 640));

        await shop.Saves(owner, new("BOWL", "Bowl", WeightGrams: 600));

        (await shop.Decides(owner, asked.Waiting!.Approval, yes: true)).Error!.Message.ShouldContain("Olga changed weight grams of BOWL since this was asked");
        (await shop.Decides(owner, asked.Waiting.Approval, yes: false)).Value.ShouldBe(ApprovalState.Refused);
    }

    [Fact, Feature("MD-02")]
    public async Task The_owner_edits_a_request_and_it_waits_with_the_edited_value()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Bram", "buyer"));
        await shop.Owns(owner, "products");
        await shop.AsksFor("products");
        var asked = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 640));
        var id = asked.Waiting!.Approval;

        var wrong = await shop.Does<AmendRequest, AmendRequest.Request, Done>(new(new Id<Approval>(id), 1, "weightGrams", "-4"), shop.By(owner));
        await shop.As<AmendRequest, AmendRequest.Request, Done>(owner, new(new Id<Approval>(id), 1, "weightGrams", "655"));
        await shop.Delivers();

        wrong.Error!.Code.ShouldBe("approval.value");
        (await shop.ApprovalOf(id)).ShouldBe("Waiting: Changes weight grams of BOWL: nothing → 655.");
        await shop.Decides(owner, id, yes: true);
        (await shop.Weight("BOWL")).ShouldBe("655");
    }

    [Fact, Feature("MD-02", "AP-09", "AP-10")]
    public async Task A_customers_request_keeps_what_it_says_of_the_person_only_while_it_waits()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Sven", "service"), await shop.Person("Bea", "service"));
        var number = await shop.Customer("Fam. Jansen", "jansen@example.org");
        await shop.Owns(owner, "customers");
        await shop.AsksFor("customers");

        var asked = await shop.Does<SaveCustomers, SaveCustomers.Request, Saved[]>(
            new([new(new Contact("Fam. Janssen", "jansen@example.org", null, new PostalAddress("Zijlweg 14", null, "2013 DH", "Haarlem", null, "NL")), number)]), shop.By(clerk));

        asked.Waiting!.Sentence.ShouldStartWith($"Changes 2 fields of {number}: name, line1.");
        await shop.Decides(owner, asked.Waiting.Approval, yes: true);
        (await shop.Text($"select p.name || ', ' || a.line1 from partners.partner p join partners.address a on a.partner_id = p.id where number = '{number}'")).ShouldBe("Fam. Janssen, Zijlweg 14");
        (await shop.Text("select effect::text || coalesce(payload::text, '') from kernel.approval")).ShouldNotContain("Jans");
    }

    [Fact, Feature("MD-02")]
    public async Task An_erased_persons_request_is_called_off_and_forgets_the_person()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Sven", "service"), await shop.Person("Bea", "service"));
        var number = await shop.Customer("Fam. Jansen", "jansen@example.org");
        await shop.Owns(owner, "customers");
        await shop.AsksFor("customers");
        var asked = await shop.Does<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact("Fam. Janssen", "jansen@example.org", null, null), number)]), shop.By(clerk));

        await shop.Must<ErasePerson, ErasePerson.Request, Done>(new(number));

        (await shop.Text($"select state || ' ' || outcome || ' ' || (payload is null) || ' ' || effect::text from kernel.approval where id = '{asked.Waiting!.Approval}'"))
            .ShouldSatisfyAllConditions(t => t.ShouldStartWith("Withdrawn the person was erased true"), t => t.ShouldNotContain("Jans"));
    }

    [Fact, Feature("MD-02")]
    public async Task A_new_record_waits_only_where_the_policy_says_so()
    {
        await using var shop = await Shop.Open();
        var (owner, clerk) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Bram", "buyer"));
        await shop.Owns(owner, "products");
        await shop.AsksFor("products");
        (await shop.Saves(clerk, new("VASE", "Vase"))).Ok.ShouldBeTrue();

        await shop.Chooses("master-changes", new MasterChanges([new MasterChangeRule("products", ChangeWay.Request, ["taxCategory"], NewToo: true)]));
        var fresh = await shop.Saves(clerk, new("JUG", "Jug"));

        fresh.Waiting!.Sentence.ShouldStartWith("Creates JUG.");
        (await shop.Saves(clerk, new("VASE", "Tall vase"))).Ok.ShouldBeTrue();
        (await shop.Saves(clerk, new("VASE", "Tall vase", TaxCategory: "reduced"))).Waiting.ShouldNotBeNull();
        await shop.Decides(owner, fresh.Waiting.Approval, yes: true);
        (await shop.Number("select count(*) from catalog.product where sku = 'JUG'")).ShouldBe(1);
    }
}
