using Keel.Catalog.Products;
using Keel.Kernel.Views;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Partners.Merging;
using Keel.Partners.Privacy;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

public class DuplicateTests
{
    [Fact, Feature("MD-04")]
    public async Task Two_customers_with_the_same_name_and_place_are_a_pair_with_the_evidence_side_by_side()
    {
        await using var shop = await Shop.Open();
        var (one, other, third) = (await shop.Customer("Piet Jansen", "piet@example.org", "+31 6 1234 5678"), await shop.Customer("JANSEN, Piet", "p.jansen@example.net", "06-12345678"), await shop.Customer("Anna Smit"));

        await shop.Runs<CareForMasters>();

        (await shop.Text("select one || ' ' || other || ' ' || array_to_string(evidence, '+') || ' ' || score from kernel.duplicate_pair")).ShouldBe($"{one} {other} name-and-place+phone+name-and-town 95");
        await using var scope = shop.Scope();
        var sheet = (await scope.ServiceProvider.GetRequiredService<DuplicateDesk>().Load(Guid.Parse(await shop.Text("select id from kernel.duplicate_pair"))))!;
        sheet.Fields.Single(f => f.Name == "email").ShouldBe(new DuplicateDesk.Field("email", "piet@example.org", "p.jansen@example.net"));
        sheet.Fields.Single(f => f.Name == "address").IsSame.ShouldBeTrue();
        third.ShouldNotBeNull();
    }

    [Fact, Feature("MD-04")]
    public async Task A_pair_that_is_not_one_is_not_shown_again_and_what_many_share_says_nothing()
    {
        await using var shop = await Shop.Open();
        for (var i = 0; i < 14; i++) await shop.Customer($"Clerk {i}", $"clerk{i}@example.org", "+31 20 555 0100", $"10{i:00} AA", "Amsterdam");
        await shop.Customer("Piet Jansen", "piet@example.org");
        await shop.Customer("Piet Jansen", "piet2@example.org");
        await shop.Runs<CareForMasters>();
        var pair = Guid.Parse(await shop.Text("select id from kernel.duplicate_pair"));

        await shop.Must<DismissDuplicates, DismissDuplicates.Request, IReadOnlyList<DismissDuplicates.Answer>>(new([pair], "father and son"));
        await shop.Runs<CareForMasters>();

        (await shop.Text("select string_agg(state, ' ') from kernel.duplicate_pair")).ShouldBe("Dismissed");
    }

    [Fact, Feature("MD-04")]
    public async Task After_a_merge_orders_under_the_old_identity_are_taken_for_the_one_that_stays()
    {
        await using var shop = await Shop.Open();
        var (keep, give) = (await shop.Customer("Piet Jansen", "piet@example.org"), await shop.Customer("P. Jansen", "p.jansen@example.net"));

        await Merges(shop, keep, give);
        var order = await shop.Tries(shop.NewOrder("webshop", ("BOWL", 1)) with { Customer = new Contact("P. Jansen", "p.jansen@example.net", null, null) });

        (await shop.Text($"select p.number from sales.orders o join partners.partner p on p.id = o.customer_id where o.id = '{order.Value.Id}'")).ShouldBe(keep);
        var again = await shop.Customer("Piet Jansen", "p.jansen@example.net", "+31 6 99");
        again.ShouldBe(keep);
        (await shop.Does<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact("X", null, null, null), give)]))).Error!.Message.ShouldBe($"{give} is merged into {keep}. Change that one.");
        (await shop.Does<UndoMerge, UndoMerge.Request, Done>(new(give))).Error!.Code.ShouldBe("merge.used");
        await shop.Proves();
    }

    [Fact, Feature("MD-04")]
    public async Task A_merge_that_nothing_depends_on_is_undone()
    {
        await using var shop = await Shop.Open();
        var (one, two, three) = (await shop.Customer("Piet Jansen", "piet@example.org"), await shop.Customer("P. Jansen", "p.jansen@example.net"), await shop.Customer("Jansen P.", "jp@example.net"));
        await Merges(shop, two, three);
        await Merges(shop, one, two);
        (await Into(shop, three)).ShouldBe(one);

        await shop.Must<UndoMerge, UndoMerge.Request, Done>(new(two));

        (await Into(shop, two)).ShouldBe("");
        (await Into(shop, three)).ShouldBe(two);
        await shop.Must<UndoMerge, UndoMerge.Request, Done>(new(three));
        (await Into(shop, three)).ShouldBe("");
        (await shop.Does<UndoMerge, UndoMerge.Request, Done>(new(three))).Error.ShouldBe(UndoMerge.NotMerged);
    }

    [Fact, Feature("MD-04")]
    public async Task Asked_for_by_its_old_number_the_one_that_stays_answers()
    {
        await using var shop = await Shop.Open();
        var (keep, give) = (await shop.Customer("Piet Jansen", "piet@example.org"), await shop.Customer("P. Jansen", "p.jansen@example.net"));
        await Merges(shop, keep, give);
        await using var scope = shop.Scope();

        var asked = scope.ServiceProvider.GetRequiredService<PartnersDesk>().AskCustomers([give, keep]);
        await scope.ServiceProvider.GetRequiredService<KeelDb>().Flush();

        (asked.Value[give].Number, asked.Value[keep].Number).ShouldBe((keep, keep));
        (await shop.Does<UndoMerge, UndoMerge.Request, Done>(new(give))).Error!.Code.ShouldBe("merge.used");
    }

    [Fact, Feature("MD-04")]
    public async Task Two_customers_with_open_orders_are_not_merged_and_the_refusal_says_what_to_do()
    {
        await using var shop = await Shop.Open();
        var (first, second) = (await Orders(shop, "piet@example.org"), await Orders(shop, "p.jansen@example.net"));
        var third = await shop.Customer("Jansen P.", "jp@example.net");

        var both = await shop.Does<MergePartners, MergePartners.Request, Done>(new(first.Customer, second.Customer, "the same man"));
        var wrongWay = await shop.Does<MergePartners, MergePartners.Request, Done>(new(third, second.Customer, "the same man"));

        both.Error!.Message.ShouldBe($"{first.Customer} has the open order {first.Order}, {second.Customer} has the open order {second.Order}. Finish the work of one of them first, then keep the other.");
        wrongWay.Error!.Message.ShouldBe($"{second.Customer} has the open order {second.Order}. Keep {second.Customer} instead, or finish its work first.");
        (await shop.Does<MergePartners, MergePartners.Request, Done>(new(second.Customer, third, "the same man"))).Ok.ShouldBeTrue();
    }

    [Fact, Feature("MD-04")]
    public async Task Who_was_merged_is_forgotten_as_one_person()
    {
        await using var shop = await Shop.Open();
        var (keep, give) = (await shop.Customer("Piet Jansen", "piet@example.org"), await shop.Customer("P. Jansen", "p.jansen@example.net"));
        await Merges(shop, keep, give);

        await shop.Must<ErasePerson, ErasePerson.Request, Done>(new(keep));

        (await shop.Number("select count(*) from partners.partner where erased_at is null and name like '%Jansen%'")).ShouldBe(0);
        (await shop.Does<MergePartners, MergePartners.Request, Done>(new(give, keep, "the same man"))).Error.ShouldBe(MergePartners.Erased);
        await shop.Proves();
    }

    [Fact, Feature("MD-07")]
    public async Task A_store_belongs_to_its_chain_and_never_in_a_circle()
    {
        await using var shop = await Shop.Open();
        var (chain, store, till) = (await shop.Customer("Chain", "chain@example.org"), await shop.Customer("Store", "store@example.org"), await shop.Customer("Till", "till@example.org"));
        await shop.Must<ClassifyCustomers, ClassifyCustomers.Request, Saved[]>(new([store], chain, "store"));
        await shop.Must<ClassifyCustomers, ClassifyCustomers.Request, Saved[]>(new([till], store));

        var circle = await shop.Does<ClassifyCustomers, ClassifyCustomers.Request, Saved[]>(new([chain], till));

        circle.Error.ShouldBe(ClassifyCustomers.Circle);
        await using var scope = shop.Scope();
        var rows = (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<CustomerList, CustomerList.Row>(ViewQuery.All)).Value.Rows.ToDictionary(r => r.Number);
        (rows[store].Parent, rows[store].Class, rows[till].Parent, rows[chain].Parent).ShouldBe((chain, "store", store, null));
        await shop.Customer("Store", "store@example.org", "+31 20 1234567");
        (await shop.Text($"select class from partners.partner where number = '{store}'")).ShouldBe("store");
    }

    private static Task Merges(Shop shop, string keep, string give) => shop.Must<MergePartners, MergePartners.Request, Done>(new(keep, give, "the same man"));

    private static Task<string> Into(Shop shop, string number) => shop.Text($"select k.number from partners.partner p join partners.partner k on k.id = p.merged_into where p.number = '{number}'");

    private static async Task<(string Customer, string Order)> Orders(Shop shop, string mail)
    {
        var taken = (await shop.Tries(shop.NewOrder("webshop", ("BOWL", 1)) with { Customer = new Contact("Piet Jansen", mail, null, null) })).Value;
        return (await shop.Text($"select p.number from sales.orders o join partners.partner p on p.id = o.customer_id where o.id = '{taken.Id}'"), taken.Number!);
    }
}
