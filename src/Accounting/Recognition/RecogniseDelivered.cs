using Keel.Ledger.Contract;
using Keel.Warehouse.Contract;

namespace Keel.Accounting;

/// Goods that arrived are a sale now: the revenue and the cost that waited count together, on the day of the delivery.
internal sealed class RecogniseDelivered(KeelDb db, Settings settings, Bookkeeper books) : IHandle<ShipmentsDelivered>
{
    public async Task Handle(ShipmentsDelivered happened, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var waiting = await db.Table<Deferral>().Where(
            $"company_id = {db.Company} and shipment_id = any({happened.Shipments.Select(s => s.Shipment.Id)}) and recognised_day is null order by shipment_id, part, line", ct);
        var rows = waiting.ToLookup(r => r.ShipmentId);
        foreach (var shipment in happened.Shipments)
        {
            // What was sold in another currency has an entry of its own: cost is always in the company's.
            foreach (var some in rows[shipment.Shipment.Id].GroupBy(r => r.Currency))
            {
                await books.Post(SlipOf(shipment, some, some.Key == network.Company.Currency ? "" : some.Key.Code), ct);
            }
        }

        var days = happened.Shipments.ToDictionary(s => s.Shipment.Id, s => s.Day);
        db.Table<Deferral>().Update([.. waiting.Select(r => r with { RecognisedDay = days[r.ShipmentId] })], nameof(Deferral.RecognisedDay));
    }

    private static Slip SlipOf(DeliveredShipment shipment, IEnumerable<Deferral> rows, string part)
    {
        var slip = new Slip(
            Journals.Sales, shipment.Shipment, shipment.Day, shipment.HappenedAt, $"{shipment.Shipment} was delivered: revenue and cost count",
            new Dimensions(shipment.Channel, shipment.Node, shipment.Partner, shipment.Order.Id)) { Part = part };
        foreach (var row in rows)
        {
            if (row.Part is DeferralPart.Revenue)
            {
                slip.Take(Roles.Of(Roles.DeferredRevenue, row.Kind), row.Open, row.CompanyOpen, row.Sku);
                slip.Take(Roles.Of(Roles.Revenue, row.Kind), -row.Open, -row.CompanyOpen, row.Sku);
            }
            else
            {
                slip.Take(Roles.IssuedCost, row.Open, row.CompanyOpen, row.Sku);
                slip.Take(Roles.DeferredCost, -row.Open, -row.CompanyOpen, row.Sku);
            }
        }

        return slip;
    }
}
