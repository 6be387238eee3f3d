using Keel.App.Imports;
using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

/// An import is taken back as a whole, as far as nothing depends on it.
public class ImportUndoTests
{
    [Fact, Feature("MD-08")]
    public async Task New_products_go_again_and_changed_ones_are_what_they_were()
    {
        await using var shop = await Shop.Open();
        var import = await Sends(shop, "catalog.save-products", "sku,name,weightGrams\nP-1,Jug,300\nBOWL,Bigger bowl,900\nMUG-BL,\"Mug, blue\",\n");

        var undone = await Undoes(shop, import);

        (undone.Undone, undone.Stay).ShouldBe((2, 1));
        undone.Rows.Single(r => r.Stays is not null).ShouldBe(new UndoImport.RowAnswer(4, UndoImport.Unchanged));
        (await shop.Number("select count(*) from catalog.product where sku = 'P-1'")).ShouldBe(0);
        (await shop.Text("select name || ' ' || (weight_grams is null) || ' ' || version from catalog.product where sku = 'BOWL'")).ShouldBe("Bowl true 3");
        (await shop.Text($"select accepted || ' accepted, ' || undone || ' undone' from kernel.import_job where id = '{import}'")).ShouldBe("3 accepted, 2 undone");
        (await shop.Number("select count(*) from kernel.master_change where kind = 'product' and subject = 'P-1'")).ShouldBe(2);
    }

    [Fact, Feature("MD-08")]
    public async Task A_row_that_somebody_used_stays_and_says_who_holds_it()
    {
        await using var shop = await Shop.Open();
        var import = await Sends(shop, "catalog.save-products", "sku,name\nP-1,Jug\nP-2,Vase\nP-3,Pot\nP-4,Cup\n");
        await shop.Stocks("P-1", 3);
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("P-2", 9)]));
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("P-3", "Other pot")]));

        var undone = await Undoes(shop, import);

        undone.Rows.Select(r => r.Stays).ShouldBe([null, "Somebody changed it since.", "It is in use: prices.", "It is in use: a place in the stock book, moves of stock."]);
        (await shop.Text("select string_agg(sku, ' ' order by sku) from catalog.product where sku like 'P-_'")).ShouldBe("P-1 P-2 P-3");
        (await shop.Text($"select string_agg(row || ' ' || (undone_at is not null), ', ' order by row) from kernel.import_row where job_id = '{import}'"))
            .ShouldBe("2 false, 3 false, 4 false, 5 true");
        await shop.Proves();
    }

    [Fact, Feature("MD-08")]
    public async Task Opening_stock_is_taken_back_by_a_counter_adjustment_and_the_books_agree()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 2, worth: 20_00);
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var import = await Sends(shop, "stock.adjust", "location,sku,counted,reason\nMAIN/STOCK,BOWL,12,count\nMAIN/STOCK,THROW,5,count\nMAIN/STOCK,CANDLE,8,count\nMAIN/STOCK,MUG-BL,0,count\n");
        await shop.Takes(("CANDLE", 6));
        await shop.Counts("MAIN/STOCK", "THROW", 4);

        var undone = await Undoes(shop, import);

        undone.Rows.Select(r => r.Stays).ShouldBe(["It counted what stood in the book: there is nothing to take back.", "6 of them are promised already.", "Goods moved there since.", null]);
        (await shop.Position("BOWL")).OnHand.ShouldBe(2);
        (await shop.Position("CANDLE")).OnHand.ShouldBe(8);
        (await shop.Number("select count(*) from stock.move where sku = 'BOWL'")).ShouldBe(3);
        await shop.Proves();
    }

    [Fact, Feature("MD-08")]
    public async Task Prices_that_nobody_bought_at_go_and_the_replaced_ones_hold_again()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("MUG-BL", 11, From: new DateOnly(2026, 3, 10))]));
        var import = await Sends(shop, "pricing.set-prices", "list,sku,price,from\nretail,BOWL,99,2026-03-10\nretail,MUG-BL,88,2026-03-10\nretail,THROW,77,2026-03-10\n");
        shop.Clock.Step(TimeSpan.FromMinutes(5));
        await shop.Stocks("THROW", 3);
        await shop.Takes(("THROW", 1));

        var undone = await Undoes(shop, import);

        undone.Rows.Select(r => r.Row).ShouldBe([4, 3, 2]);
        undone.Rows[0].Stays.ShouldStartWith("It was sold since: order SO-");
        (await shop.Text("select string_agg(sku || ' ' || micros / 1000000, ', ' order by sku) from pricing.price where from_day = '2026-03-10'")).ShouldBe("MUG-BL 11, THROW 77");
    }

    [Fact, Feature("MD-08")]
    public async Task Customers_without_orders_go_with_their_addresses_and_the_others_stay()
    {
        await using var shop = await Shop.Open();
        var import = await Sends(shop, "partners.save-customers", "contact.name,contact.email,contact.address.line1,contact.address.postalCode,contact.address.city,contact.address.country\n"
            + "Ada,ada@example.org,Quay 1,1011AB,Amsterdam,NL\nBob,bob@example.org,Quay 2,1011AB,Amsterdam,NL\n");
        await shop.Tries(shop.NewOrder("webshop", ("BOWL", 1)) with { Customer = new("Ada", "ada@example.org") });

        var undone = await Undoes(shop, import);

        (undone.Undone, undone.Stay).ShouldBe((1, 1));
        undone.Rows.Single(r => r.Row == 2).Stays.ShouldNotBeNull();
        (await shop.Text("select string_agg(name, ' ') from partners.partner where email like '%@example.org'")).ShouldBe("Ada");
        (await shop.Number("select count(*) from partners.address a where not exists (select from partners.partner p where p.id = a.partner_id)")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("MD-08")]
    public async Task A_second_undo_finds_nothing_and_two_at_once_take_each_row_back_once()
    {
        await using var shop = await Shop.Open();
        var import = await Sends(shop, "stock.adjust", "location,sku,counted,reason\nMAIN/STOCK,BOWL,12,count\nMAIN/STOCK,THROW,5,count\n");

        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Tries(shop, import, Caller.Keel(shop.Company))));

        both.Count(b => b.Ok).ShouldBe(1);
        both.Where(b => !b.Ok).ShouldAllBe(b => b.Error!.Code == "import.nothing-to-undo");
        (await shop.Number("select count(*) from stock.move where sku = 'BOWL'")).ShouldBe(2);
        (await shop.Position("BOWL")).OnHand.ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("MD-08")]
    public async Task What_is_used_in_the_same_instant_stays_or_is_gone_before_it_is_used()
    {
        await using var shop = await Shop.Open();
        var skus = Enumerable.Range(0, 12).Select(i => (Sku)$"R-{i}").ToArray();
        var import = await Sends(shop, "catalog.save-products", "sku,name\n" + string.Concat(skus.Select(s => $"{s},Racer {s}\n")));

        var used = skus.Select((s, i) => Task.Run(async () =>
        {
            await Task.Delay(i * 4);
            await shop.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new(s, 9)]));
            await shop.Tries(shop.NewOrder("webshop", (s, 1)));
        })).ToArray();
        var undone = await Tries(shop, import, Caller.Keel(shop.Company));
        await Task.WhenAll(used);

        undone.Ok.ShouldBeTrue(undone.Error?.Message);
        var orphans = "from (select sku from pricing.price union all select sku from sales.order_line) u where not exists (select from catalog.product p where p.sku = u.sku)";
        (await shop.Number($"select count(*) {orphans}")).ShouldBe(0);
        (await shop.Number("select count(*) from catalog.product where sku like 'R-%'")).ShouldBe(undone.Value.Stay);
        await shop.Proves();
    }

    [Fact, Feature("MD-08")]
    public async Task An_import_that_is_not_done_or_has_no_undo_or_is_not_ones_own_to_change_is_not_undone()
    {
        await using var shop = await Shop.Open();
        var done = await Sends(shop, "catalog.save-products", "sku,name\nP-1,Jug\n");
        var without = await Sends(shop, "pricing.set-tax-rates", "jurisdiction,category,rate,validFrom\nNL,odd,5,2026-01-01\n");
        var clerk = await shop.Person("Piet", "store");

        (await Tries(shop, without, Caller.Keel(shop.Company))).Error!.Code.ShouldBe("import.no-undo");
        (await Tries(shop, done, shop.By(clerk))).Error!.Kind.ShouldBe(Refusal.Forbidden);
        await shop.Text($"update kernel.import_job set state = 'Running' where id = '{done}' returning state");
        (await Tries(shop, done, Caller.Keel(shop.Company))).Error!.Code.ShouldBe("import.not-done");
        (await shop.Number("select count(*) from catalog.product where sku = 'P-1'")).ShouldBe(1);
    }

    [Fact, Feature("MD-08")]
    public async Task An_undo_waits_for_a_yes_where_the_policy_asks_for_one()
    {
        await using var shop = await Shop.Open();
        var import = await Sends(shop, "catalog.save-products", "sku,name\nP-1,Jug\nP-2,Vase\n");
        await shop.Chooses("approvals", System.Text.Json.JsonDocument.Parse("""{"rules":[{"operation":"kernel.undo-import","levels":[{"permission":"kernel.approvals.decide"}]}]}""").RootElement);

        var asked = await Tries(shop, import, shop.By(await shop.Person("Anna", "administrator")));

        asked.Waiting!.Sentence.ShouldContain("Takes 2 rows of upload.csv back");
        (await shop.Number("select count(*) from catalog.product where sku like 'P-%'")).ShouldBe(2);
        (await shop.Number($"select undone from kernel.import_job where id = '{import}'")).ShouldBe(0);
    }

    [Fact, Feature("MD-08")]
    public async Task Where_an_owner_has_the_say_nobody_else_takes_back_what_a_file_made()
    {
        await using var shop = await Shop.Open();
        var import = await Sends(shop, "catalog.save-products", "sku,name\nP-1,Jug\n");
        await shop.Chooses("master-changes", new { rules = new[] { new { domain = "products", how = "request" } } });
        var anna = await shop.Person("Anna", "administrator");

        (await Tries(shop, import, shop.By(anna))).Error!.Code.ShouldBe("import.owned");
        (await shop.Number("select count(*) from catalog.product where sku = 'P-1'")).ShouldBe(1);

        await shop.Must<SetDataOwner, SetDataOwner.Request, Done>(new("products", Person: anna.Id));
        (await Tries(shop, import, shop.By(anna))).Value.Undone.ShouldBe(1);
    }

    [Fact, Feature("MD-08")]
    public async Task Two_rows_of_one_file_that_made_one_product_are_taken_back_in_turn()
    {
        await using var shop = await Shop.Open();
        var many = string.Concat(Enumerable.Range(0, 260).Select(i => $"M-{i},Many {i}\n"));
        var import = await Sends(shop, "catalog.save-products", $"sku,name\nP-1,First\n{many}P-1,Second\n");

        var undone = await Undoes(shop, import);

        (undone.Undone, undone.Stay).ShouldBe((262, 0));
        (await shop.Number("select count(*) from catalog.product where sku = 'P-1' or sku like 'M-%'")).ShouldBe(0);
    }

    internal static async Task<Guid> Sends(Shop shop, string operation, string text)
    {
        var (desk, caller) = (shop.Services.GetRequiredService<ImportDesk>(), Caller.Keel(shop.Company) with { Door = Door.Import });
        var path = await ImportDesk.Receive(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), default);
        var (file, target) = ((await ImportDesk.Open(path, null, default)).Value, desk.Target(operation, caller.Actor).Value);
        var job = await desk.Begin(target, file, "upload.csv", text.Length, null, caller, default);
        var ran = await desk.Run(job, target, file, caller, Currency.Eur, null, default);
        File.Delete(path);
        ran.Value.Refused.ShouldBe(0, await shop.Text($"select string_agg(reason, '; ') from kernel.import_row where job_id = '{job.Id}'"));
        return job.Id;
    }

    private static async Task<UndoImport.Answer> Undoes(Shop shop, Guid import)
    {
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var answer = (await Tries(shop, import, Caller.Keel(shop.Company))).Value;
        var job = await shop.Text($"select accepted || ' ' || undone from kernel.import_job where id = '{import}'");
        job.ShouldBe($"{answer.Undone + answer.Stay} {answer.Undone}");
        return answer;
    }

    private static Task<Result<UndoImport.Answer>> Tries(Shop shop, Guid import, Caller caller) =>
        shop.Gate.Run<UndoImport, UndoImport.Request, UndoImport.Answer>(new(import, "wrong file"), caller);
}
