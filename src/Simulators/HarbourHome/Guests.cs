using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Printing;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Warehouse;

namespace Keel.Simulators;

/// Goods of others, packages, and a warehouse of somebody else's: a potter's consignment that sells, a client's stools that are only kept, pallets that bear
/// numbers, vases that came cracked, and a third party that tells other figures than our book.
internal sealed class Guests(Clerk clerk)
{
    private static readonly Sku Vase = "GST-601";
    private static readonly Sku Stool = "GST-602";
    private static readonly Sku Lantern = "GST-603";
    private static readonly Sku Urn = "GST-604";
    private static readonly Actor Lead = Staff.Of("Wim de Boer");

    private sealed record Partner(Guid Id, string Number);

    public async Task Scene(DateTimeOffset at, IReadOnlyList<NewOrder> like, CancellationToken ct)
    {
        var caller = clerk.At(at) with { Actor = Lead, Door = Door.Page };
        Dictionary<string, string> Sorted(string category) => new() { ["category"] = category };
        UnitPrice Euro(decimal price) => UnitPrice.Of(price, Currency.Eur);
        await clerk.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([
            new(Vase, "Stoneware vase, sand", Attributes: Sorted("Living"), WeightGrams: 1400, HsCode: "691200"), new(Stool, "Oak stool", Attributes: Sorted("Living"), WeightGrams: 5200, HsCode: "940169"),
            new(Lantern, "Garden lantern", Attributes: Sorted("Lighting"), WeightGrams: 2100, HsCode: "940550")]), clerk.At(at), ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new(Vase, 49m), new(Stool, 129m), new(Lantern, 39m)]), clerk.At(at), ct);
        var partners = await clerk.Asks<Partner>($"select id, number from partners.pub_partner where company_id = {clerk.Company} and is_supplier order by number limit 2", ct);
        if (partners is not [var potter, var client]) return;

        await clerk.Does<AgreeOwner, AgreeOwner.Request, DocumentRef>(new(potter.Id, Costs: [new(Vase, Euro(18.40m))], Note: "Monthly statement, paid within 14 days"), caller, ct);
        await clerk.Does<AgreeOwner, AgreeOwner.Request, DocumentRef>(new(client.Id, OwnerKind.Client, PromisedWhen.Never, Note: "Kept until their shop opens"), caller, ct);
        await clerk.Does<ReceiveOwned, ReceiveOwned.Request, DocumentRef>(new(potter.Number, "MAIN", [new(Vase, 36)], "KILN-2207"), caller, ct);
        await clerk.Does<ReceiveOwned, ReceiveOwned.Request, DocumentRef>(new(client.Number, "MAIN", [new(Stool, 40)]), caller, ct);
        var orders = like.Skip(9).Take(3).Select((o, i) => o with
        {
            Number = $"L-HH-GST-{i + 1}", Lines = [new NewLine(Vase, 2 + i)], Total = null, ChargedTax = null, Payments = null, PlacedAt = at.AddMinutes(-1),
        }).ToArray();
        if (orders.Length > 0)
        {
            var taken = await clerk.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new(orders), clerk.At(at) with { Actor = Staff.Channel("webshop"), Door = Door.Channel }, ct);
            Guid[] ready = [.. taken.Where(o => o.Status is OrderStatus.Reserved).Take(2).Select(o => o.Id!.Value.Value)];
            if (ready.Length > 0) await clerk.Does<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new(ready), caller, ct);
        }

        await clerk.Does<TakeOwnership, TakeOwnership.Request, DocumentRef>(new(potter.Number, "MAIN", [new(Vase, 4)], "for the shop window"), caller, ct);
        await clerk.Does<StateOwner, StateOwner.Request, DocumentRef>(new(potter.Number), caller, ct);
        await clerk.Does<GiveBack, GiveBack.Request, DocumentRef>(new(potter.Number, "MAIN", [new(Vase, 2)], "second choice"), caller, ct);
        await clerk.Does<SetCondition, SetCondition.Request, DocumentRef>(new([new("MAIN/STOCK", Vase, 2, GoodsCondition.Damaged, Owner: potter.Number)], "came cracked"), caller, ct);
        await Pack(client.Number, caller, ct);
        await Outside(at, caller, Euro(11.20m), ct);
        await Direct(at, potter.Number, potter.Id, like, caller, ct);
    }

    /// The potter sends urns from the pottery: one has left, one is confirmed, and one was just asked for.
    private async Task Direct(DateTimeOffset at, string potter, Guid partner, IReadOnlyList<NewOrder> like, Caller caller, CancellationToken ct)
    {
        var head = Caller.Keel(clerk.Company) with { At = at };
        await clerk.Does<CreateSite, CreateSite.Request, Done>(new("POTTERY", "The pottery, sends directly", SiteKind.Supplier, SiteAuthority.External), head, ct);
        await clerk.Does<ChangeChannel, ChangeChannel.Request, Done>(new("webshop", "Web shop", ["MAIN", "OVERFLOW", "POTTERY"], 100, "channel manager"), head, ct);
        await clerk.Does<SetLanes, SetLanes.Request, Saved[]>(new([new("POTTERY", "NL", 3, 7.95m), new("POTTERY", "BE", 4, 9.95m), new("POTTERY", "DE", 4, 9.95m)]), head, ct);
        await clerk.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([new(Urn, "Terracotta urn, 60 cm", Attributes: new Dictionary<string, string> { ["category"] = "Living" }, WeightGrams: 11_500, HsCode: "691490")]), clerk.At(at), ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new(Urn, 149m)]), clerk.At(at), ct);
        await clerk.Does<AgreeOwner, AgreeOwner.Request, DocumentRef>(new(partner, Costs: [new(Urn, UnitPrice.Of(71.50m, Currency.Eur))], Note: "Monthly statement, paid within 14 days"), caller, ct);
        await clerk.Does<SetSupplierTerms, SetSupplierTerms.Request, Done>(new("POTTERY", potter, "orders@pottery.example"), caller, ct);
        await clerk.Does<TellSupplierStock, TellSupplierStock.Request, IReadOnlyList<DocumentRef>>(new("POTTERY", [new(Urn, 25)]), caller, ct);
        var orders = like.Skip(12).Take(3).Select((o, i) => o with
        {
            Number = $"L-HH-URN-{i + 1}", Lines = [new NewLine(Urn, 1 + (i % 2))], Total = null, ChargedTax = null, Payments = null, PlacedAt = at.AddMinutes(-1),
        }).ToArray();
        if (orders.Length == 0) return;
        var taken = await clerk.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new(orders), clerk.At(at) with { Actor = Staff.Channel("webshop"), Door = Door.Channel }, ct);
        await clerk.Does<OrderFromSuppliers, OrderFromSuppliers.Request, IReadOnlyList<OrderFromSuppliers.Answer>>(new([.. taken.Where(o => o.Id is not null).Select(o => o.Id!.Value.Value)]), caller, ct);
        var asked = await clerk.Asks<Id<SupplierOrder>>($"select id from warehouse.supplier_order where company_id = {clerk.Company} order by number", ct);
        if (asked.Count > 0) await clerk.Does<DispatchSupplierOrder, DispatchSupplierOrder.Request, DispatchSupplierOrder.Answer>(new(asked[0], Carrier: "PostNL", Tracking: "3SPOT0042871"), caller, ct);
        if (asked.Count > 1) await clerk.Does<ConfirmSupplierOrder, ConfirmSupplierOrder.Request, Done>(new(asked[1], DateOnly.FromDateTime(at.UtcDateTime).AddDays(2), "POT-118"), caller, ct);
    }

    /// Two cases on a pallet, and an empty tote.
    private async Task Pack(string client, Caller caller, CancellationToken ct)
    {
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(Letterhead.Kind, System.Text.Json.JsonSerializer.SerializeToElement(Letterhead.AsDelivered with { Gs1Prefix = "8712345" }, KeelJson.Options), "Head of operations"), Caller.Keel(clerk.Company) with { At = caller.At }, ct);
        var pallet = (await clerk.Does<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK"), caller, ct))[0].Number;
        var cases = await clerk.Does<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK", PackageKind.Case, 2), caller, ct);
        await clerk.Does<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/PACKING", PackageKind.Tote), caller, ct);
        foreach (var one in cases)
        {
            await clerk.Does<PackGoods, PackGoods.Request, DocumentRef>(new(one.Number, [new(Stool, 6, Owner: client)]), caller, ct);
            await clerk.Does<NestPackage, NestPackage.Request, DocumentRef>(new(one.Number, pallet), caller, ct);
        }

        await clerk.Does<ClosePackages, ClosePackages.Request, Done>(new([cases[0].Number]), caller, ct);
    }

    /// A warehouse under its own authority, and what it tells.
    private async Task Outside(DateTimeOffset at, Caller caller, UnitPrice cost, CancellationToken ct)
    {
        await clerk.Does<CreateSite, CreateSite.Request, Done>(new("DELTA", "Delta Fulfilment", SiteKind.ThirdParty, SiteAuthority.External), Caller.Keel(clerk.Company) with { At = at }, ct);
        await clerk.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("DELTA", [new(Lantern, 60, cost), new(Vase, 8, cost)], Reference: "DELTA/OPEN")]), caller, ct);
        await clerk.Does<TellSnapshot, TellSnapshot.Request, IReadOnlyList<DocumentRef>>(new([new("DELTA", Lantern, 57), new("DELTA", Vase, 8)], Whole: true, Reference: "DF-8841"), caller, ct);
        await clerk.Does<TellEvents, TellEvents.Request, IReadOnlyList<DocumentRef>>(new([new("DELTA", "DF-EV-1207", ExternalEventKind.Damaged, Vase, 1, Note: "Fell off the pallet")]), caller, ct);
    }
}
