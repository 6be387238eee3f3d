using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Places on their pages: laid out, looked at on the map, changed, frozen and thawed.
public class PlacePagesTests
{
    [Fact, Feature("IN-17", "IN-36")]
    public async Task A_lead_lays_out_a_warehouse_looks_at_it_and_freezes_a_bin()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse");

        await site.Goes("/stock/places/layout");
        foreach (var (at, values) in new[] { "A-B", "1-2", "1-6", "1-3" }.Index()) await site.Page.FillAsync($"[name='parts[{at}].values']", values);
        await site.Page.FillAsync("[name=pickFaces]", "1");
        await site.Page.PressAsync("[name=pickFaces]", "Tab");
        await site.Sees("Adds 72 bins, walked from MAIN/A-01-01-1 to MAIN/B-02-01-3.");
        (await shop.Number("select count(*) from stock.location where tier = 'Bin'")).ShouldBe(0, "nothing is saved by looking");
        await site.Pictures("places-layout");
        await site.Presses("Add these places");
        await site.Page.WaitForURLAsync("**/stock/map**");
        (await shop.Number("select count(*) from stock.location where tier = 'Bin'")).ShouldBe(72);

        await shop.Counts("MAIN/A-01-02-1", "TEE-M", 12);
        await shop.Counts("MAIN/A-01-02-1", "MUG-BL", 3);
        await shop.Counts("MAIN/B-02-06-2", "BOWL", 5);
        await site.Goes("/stock/places/edit?code=MAIN%2FA-01-02-1");
        await site.Page.FillAsync("[name='places[0].maxUnits']", "18");
        await site.Page.FillAsync("[name='places[0].parent']", "MAIN/A-01-02-1");
        await site.Presses("Save");
        await site.Sees("lies in MAIN/A-01-02-1 itself");
        await site.Page.FillAsync("[name='places[0].parent']", "MAIN/A-01-02");
        await site.Presses("Save");
        await site.Page.WaitForURLAsync("**/stock/places/MAIN%2FA-01-02-1");
        await site.Sees("18 units");
        await site.Sees("T-shirt, medium");

        await site.Follows("Freeze");
        await site.Page.FillAsync("[name=reason]", "The shelf above leaks");
        await site.Presses("Freeze");
        await site.Page.WaitForURLAsync("**/stock/places/MAIN%2FA-01-02-1");
        await site.Sees("The shelf above leaks");
        (await shop.Position("TEE-M")).Sellable.ShouldBe(0);
        await site.Pictures("places-frozen");
        await site.Goes("/stock/map?node=MAIN&zone=A");
        await site.Sees("*15");

        await site.Goes("/stock/places/MAIN%2FA-01-02-1");
        await site.Presses("Thaw");
        await site.Page.FillAsync("#ask input", "Dry again");
        await site.Agrees();
        await site.Sees("For sale");
        (await shop.Position("TEE-M")).Sellable.ShouldBe(12);
        (await shop.Text("select outcome from stock.freeze")).ShouldBe("Dry again");
        site.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal) && !c.Contains("409", StringComparison.Ordinal) && !c.Contains("400", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact, Feature("IN-17", "IN-36")]
    public async Task The_pages_of_places_fit_a_desk_and_a_phone()
    {
        await using var shop = await Shop.Open();
        await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(new(
            "MAIN", "{zone}-{aisle:00}-{rack:00}-{level}", [new("zone", "A-B"), new("aisle", "1-4"), new("rack", "1-14"), new("level", "1-3")], PickFaces: "1"));
        await shop.Counts("MAIN/A-01-02-1", "TEE-M", 12);
        await shop.Counts("MAIN/A-02-07-2", "TEE-M", 40);
        await shop.Counts("MAIN/A-02-08-1", "MUG-BL", 9);
        await shop.Must<EditLocations, EditLocations.Request, Saved[]>(new([new("MAIN/A-02-07-2", MaxUnits: 50), new("MAIN/A-01-02-1", MaxUnits: 20)]));
        await shop.Must<FreezeStock, FreezeStock.Request, Id<Freeze>>(new(Location: "MAIN/A-02-07-2", Reason: "Dented cartons", Owner: "Ruben"));
        await shop.Must<FreezeStock, FreezeStock.Request, Id<Freeze>>(new(Node: "MAIN", Sku: "MUG-BL", Reason: "Recall of the maker"));
        await shop.Must<CloseLocations, CloseLocations.Request, Saved[]>(new(["MAIN/B-04"]));
        await using var site = await Site.Open(shop);

        var wrong = await site.Walks(
        [
            ("places", "/stock/locations"), ("places-under", "/stock/locations?under=MAIN%2FA-02"), ("places-map", "/stock/map?node=MAIN"), ("places-map-zone", "/stock/map?node=MAIN&zone=B"),
            ("place", "/stock/places/MAIN%2FA-02-07-2"), ("place-aisle", "/stock/places/MAIN%2FA-02"), ("place-edit", "/stock/places/edit?code=MAIN%2FA-02-07-2"), ("freezes", "/stock/freezes"),
            ("freeze-new", "/stock/freeze"), ("places-layout", "/stock/places/layout"), ("place-none", "/stock/places/NOWHERE"),
        ]);

        wrong.Where(w => !w.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
