using Keel.Kernel;
using Keel.Printing;
using Keel.Printing.Contract;
using Keel.Sales;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Packages with numbers of their own: what lies in them moves with them in one step, promised or not, and never lies anywhere else.
public class PackageTests
{
    [Fact, Feature("IN-21")]
    public async Task Numbers_are_SSCCs_under_the_prefix_and_never_come_twice()
    {
        await using var shop = await Open();

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Makes(shop, 5)));

        var codes = made.SelectMany(m => m).ToArray();
        codes.Distinct().Count().ShouldBe(30);
        codes.ShouldAllBe(c => Sscc.IsValid(c) && c.StartsWith("34012345", StringComparison.Ordinal));
        await shop.Proves();
    }

    [Fact, Feature("IN-21")]
    public async Task Without_a_prefix_only_labels_that_are_there_can_be_used()
    {
        await using var shop = await Shop.Open();

        var refused = await shop.Does<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK"));
        var scanned = await shop.Does<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK", Code: "(00) 340123450000000017"));
        var wrong = await shop.Does<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK", Code: "340123450000000011"));

        refused.Error!.Code.ShouldBe("stock.package-no-prefix");
        scanned.Ok.ShouldBe(Sscc.IsValid("340123450000000017"));
        wrong.Error!.Code.ShouldBe("stock.package-code");
    }

    [Fact, Feature("IN-21", "IN-03")]
    public async Task A_package_moves_with_everything_that_lies_in_it_and_promises_stay()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, worth: 50_00);
        var order = await shop.Takes(("MUG-BL", 8));
        var (pallet, box) = ((await Makes(shop, 1))[0], (await Makes(shop, 1))[0]);
        await Packs(shop, pallet, 4);
        await Packs(shop, box, 3);
        await shop.Must<NestPackage, NestPackage.Request, DocumentRef>(new(box, pallet));

        await Moves(shop, pallet, "MAIN/A");

        (await shop.Text("select string_agg(location || ' ' || trim_scale(on_hand / 1000.0), ', ' order by location, on_hand) from stock.level where on_hand > 0")).ShouldBe("MAIN/A 3, MAIN/A 4, MAIN/STOCK 3");
        var position = await shop.Position("MUG-BL");
        (position.Sellable.Units, position.Reserved.Units).ShouldBe((10m, 8m));
        await shop.Ships(order);
        (await shop.Number("select sum(on_hand) from stock.level")).ShouldBe(2_000);
        await shop.Proves();
    }

    [Fact, Feature("IN-21")]
    public async Task A_package_never_lies_in_itself_or_in_what_lies_in_it()
    {
        await using var shop = await Open();
        var codes = await Makes(shop, 3);
        await shop.Must<NestPackage, NestPackage.Request, DocumentRef>(new(codes[1], codes[0]));
        await shop.Must<NestPackage, NestPackage.Request, DocumentRef>(new(codes[2], codes[1]));

        (await Nests(shop, codes[0], codes[0])).Error!.Code.ShouldBe("stock.package-in-itself");
        (await Nests(shop, codes[0], codes[2])).Error!.Code.ShouldBe("stock.package-in-itself");
        await shop.Must<TakePackageOut, TakePackageOut.Request, DocumentRef>(new(codes[1], "MAIN/A"));

        (await shop.Text($"select string_agg(location, ', ' order by code) from stock.package where code = any(array['{codes[1]}', '{codes[2]}'])")).ShouldBe("MAIN/A, MAIN/A");
        await shop.Proves();
    }

    [Fact, Feature("IN-21")]
    public async Task Two_who_put_packages_into_each_other_at_once_never_make_a_ring()
    {
        await using var shop = await Open();
        for (var round = 0; round < 5; round++)
        {
            var codes = await Makes(shop, 2);

            var nested = await Task.WhenAll(Nests(shop, codes[0], codes[1]), Nests(shop, codes[1], codes[0]));

            nested.Count(n => n.Ok).ShouldBe(1);
        }

        await shop.Proves();
    }

    [Fact, Feature("IN-21")]
    public async Task Whoever_moves_a_package_that_somebody_else_moved_is_told_where_it_is()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 5);
        var code = (await Makes(shop, 1))[0];
        await Packs(shop, code, 5);

        var moved = await Task.WhenAll(
            shop.Does<MovePackage, MovePackage.Request, DocumentRef>(new(code, "MAIN/A", "MAIN/STOCK")), shop.Does<MovePackage, MovePackage.Request, DocumentRef>(new(code, "MAIN/B", "MAIN/STOCK")));

        moved.Count(m => m.Ok).ShouldBe(1);
        moved.Single(m => !m.Ok).Error!.Code.ShouldBe("stock.package-elsewhere");
        (await shop.Number("select count(*) from stock.level where on_hand > 0")).ShouldBe(1);
        await shop.Proves();
    }

    [Fact, Feature("IN-21", "IN-04")]
    public async Task A_package_that_is_moved_while_its_goods_are_picked_loses_none_and_doubles_none()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 12);
        var code = (await Makes(shop, 1))[0];
        await Packs(shop, code, 12);
        var orders = new List<CapturedOrder>();
        for (var i = 0; i < 6; i++) orders.Add(await shop.Takes(("MUG-BL", 2)));

        await Task.WhenAll([.. orders.Select(o => (Task)shop.Ships(o)), .. Enumerable.Range(0, 4).Select(i => shop.Does<MovePackage, MovePackage.Request, DocumentRef>(new(code, i % 2 == 0 ? "MAIN/A" : "MAIN/B")))]);

        (await shop.Number("select coalesce(sum(on_hand), 0) from stock.level")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-21")]
    public async Task What_is_set_aside_in_a_package_keeps_it_where_it_is()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 4);
        var code = (await Makes(shop, 1))[0];
        await Packs(shop, code, 4);
        await shop.Releases(await shop.Takes(("MUG-BL", 1)));

        var moved = await shop.Does<MovePackage, MovePackage.Request, DocumentRef>(new(code, "MAIN/A"));
        var unpacked = await shop.Does<UnpackGoods, UnpackGoods.Request, DocumentRef>(new(code));
        var part = await shop.Does<UnpackGoods, UnpackGoods.Request, DocumentRef>(new(code, [new("MUG-BL", 3)]));

        (moved.Error!.Code, unpacked.Error!.Code, part.Ok).ShouldBe(("stock.package-set-aside", "stock.package-set-aside", true));
        await shop.Proves();
    }

    [Fact, Feature("IN-21")]
    public async Task A_place_takes_so_many_packages_and_no_more_however_many_come_at_once()
    {
        await using var shop = await Open();
        await shop.Must<EditLocations, EditLocations.Request, Saved[]>(new([new("MAIN/A", MaxPackages: 2)]));
        var codes = await Makes(shop, 5);

        var moved = await Task.WhenAll(codes.Select(c => shop.Does<MovePackage, MovePackage.Request, DocumentRef>(new(c, "MAIN/A"))));

        moved.Count(m => m.Ok).ShouldBe(2);
        moved.Where(m => !m.Ok).ShouldAllBe(m => m.Error!.Code == "stock.place-full");
        await shop.Proves();
    }

    [Fact, Feature("IN-21", "IN-31")]
    public async Task A_package_is_counted_by_itself_and_what_lies_loose_beside_it_by_itself()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10);
        var code = (await Makes(shop, 1))[0];
        await Packs(shop, code, 6);

        await shop.Counts("MAIN/STOCK", "MUG-BL", 3);
        await shop.Must<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "MUG-BL", 5, "count", Package: code)]));

        (await shop.Text("select string_agg(case package when '' then 'loose' else 'packed' end || ' ' || trim_scale(on_hand / 1000.0), ', ' order by package) from stock.level where on_hand > 0")).ShouldBe("loose 3, packed 5");
        (await shop.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/A", "MUG-BL", 5, "count", Package: code)]))).Error!.Code.ShouldBe("stock.package-elsewhere");
        await shop.Proves();
    }

    [Fact, Feature("IN-21")]
    public async Task A_closed_package_gives_and_takes_nothing_by_hand_and_an_empty_one_is_given_up()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 4);
        var code = (await Makes(shop, 1))[0];
        await Packs(shop, code, 4);
        await shop.Must<ClosePackages, ClosePackages.Request, Done>(new([code]));

        (await shop.Does<UnpackGoods, UnpackGoods.Request, DocumentRef>(new(code))).Error!.Code.ShouldBe("stock.package-closed");
        await shop.Must<OpenPackages, OpenPackages.Request, Done>(new([code]));
        (await shop.Does<EndPackages, EndPackages.Request, Done>(new([code]))).Error!.Code.ShouldBe("stock.package-not-empty");
        await shop.Must<UnpackGoods, UnpackGoods.Request, DocumentRef>(new(code));
        await shop.Must<EndPackages, EndPackages.Request, Done>(new([code]));

        (await shop.Does<PackGoods, PackGoods.Request, DocumentRef>(new(code, [new("MUG-BL", 1)]))).Error!.Code.ShouldBe("stock.package-ended");
        await shop.Proves();
    }

    [Fact, Feature("IN-21", "IN-23")]
    public async Task What_is_damaged_or_of_others_stays_so_in_a_package_and_out_of_it()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 4);
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3m));
        await OwnerTests.Receives(shop, owner, ("MUG-BL", 5));
        var code = (await Makes(shop, 1))[0];
        await Packs(shop, code, 2);
        await shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(code, [new("MUG-BL", 3, Owner: owner)]));

        await shop.Must<SetCondition, SetCondition.Request, DocumentRef>(new([new("MAIN/STOCK", "MUG-BL", 1, GoodsCondition.Damaged, Package: code)], "dropped"));
        await Moves(shop, code, "MAIN/B");
        await shop.Must<UnpackGoods, UnpackGoods.Request, DocumentRef>(new(code));

        (await shop.Text("select string_agg(case owner when 'own' then 'ours' else 'theirs' end || ' ' || condition || ' ' || trim_scale(on_hand / 1000.0), ', ' order by owner = 'own' desc, condition) from stock.level where location = 'MAIN/B' and package = '' and on_hand > 0"))
            .ShouldBe("ours Damaged 1, ours Good 1, theirs Good 3");
        (await shop.Position("MUG-BL")).Sellable.Units.ShouldBe(3);
        await shop.Proves();
    }

    /// A shop with a GS1 prefix and two more bins.
    private static async Task<Shop> Open()
    {
        var shop = await Shop.Open();
        await shop.Chooses("letterhead", Letterhead.AsDelivered with { Gs1Prefix = "4012345" });
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/A", "MAIN"), new("MAIN/B", "MAIN")]));
        return shop;
    }

    private static async Task<string[]> Makes(Shop shop, int count) =>
        [.. (await shop.Must<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK", Count: count))).Select(d => d.Number)];

    private static Task<DocumentRef> Packs(Shop shop, string code, int units) => shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(code, [new("MUG-BL", units)]));

    private static Task<DocumentRef> Moves(Shop shop, string code, LocationCode to) => shop.Must<MovePackage, MovePackage.Request, DocumentRef>(new(code, to));

    private static Task<Result<DocumentRef>> Nests(Shop shop, string code, string into) => shop.Does<NestPackage, NestPackage.Request, DocumentRef>(new(code, into));
}
