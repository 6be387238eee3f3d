using Keel.Ledger.Contract;

namespace Keel.Accounting;

/// Keeps what waits for delivery, and gives it up when goods come back before that.
internal sealed class Deferring(KeelDb db, Policies policies)
{
    /// Whether a sale waits for its delivery.
    public async Task<bool> Waits(ChannelCode? channel, DeliveryTerm? term, CancellationToken ct) =>
        (await policies.Of<RevenueRecognition>(ct)).Choice.For(channel, term) is RecognisedAt.Delivery;

    /// Notes what a slip's legs put on the accounts of what waits; the role of a line ends with the kind of what was sold.
    public void Keep(DeferralPart part, DocumentRef shipment, Slip slip, IReadOnlyList<Leg> legs, IEnumerable<(string Kind, Sku? Sku, Quantity Quantity)> sold)
    {
        var role = RoleOf(part);
        var quantities = sold.GroupBy(s => (Roles.Of(role, s.Kind), s.Sku)).ToDictionary(g => g.Key, g => (g.First().Kind, Quantity: g.Sum(s => s.Quantity)));
        var line = 0;
        for (var i = 0; i < slip.Lines.Count; i++)
        {
            if (!quantities.TryGetValue((slip.Lines[i].Role, slip.Lines[i].Sku), out var what)) continue;
            var (amount, company) = part is DeferralPart.Cost ? (legs[i].Amount, legs[i].CompanyAmount) : (-legs[i].Amount, -legs[i].CompanyAmount);
            db.Table<Deferral>().Gather(new Deferral(
                shipment.Id, part, ++line, db.Company, shipment.Number, slip.About.OrderId!.Value, slip.About.Channel, slip.About.Node, slip.About.Partner, slip.Day,
                what.Kind, slip.Lines[i].Sku, what.Quantity, amount.Currency, amount, company, company.Currency,
                0, Money.Zero(amount.Currency), Money.Zero(company.Currency), company.Currency, null, db.Work.Operation));
        }
    }

    /// Gives up what is credited of an order, by kind and product. What was delivered comes back first: it counted, so it is credited as
    /// usual. What is still on its way never counts; that much is answered, and taken off the accounts of what waits.
    public async Task<IReadOnlyList<Deferral>> GiveUp(DeferralPart part, Guid order, IReadOnlyList<(string Kind, Sku? Sku, Quantity Quantity)> credited, CancellationToken ct)
    {
        // Companies that recognise at shipment, which nearly all do, pay nothing for those that do not.
        if ((await policies.Ever<RevenueRecognition>(ct)).Count == 0) return [];
        var rows = await db.Table<Deferral>().Where(
            $"company_id = {db.Company} and order_id = {order} and part = {part} order by (recognised_day is null), shipment_id, line", ct);
        var (changed, given) = (new List<Deferral>(), new List<Deferral>());
        foreach (var (kind, sku, quantity) in credited)
        {
            var left = quantity;
            foreach (var row in rows.Where(r => r.Kind == kind && r.Sku == sku && r.Left.IsPositive).TakeWhile(_ => left.IsPositive))
            {
                var some = Quantity.Min(left, row.Left);
                left -= some;
                var after = row.Take(some);
                changed.Add(after);
                if (row.RecognisedDay is null) given.Add(after with { Amount = after.TakenAmount - row.TakenAmount, CompanyAmount = after.TakenCompanyAmount - row.TakenCompanyAmount });
            }
        }

        db.Table<Deferral>().Update(changed, nameof(Deferral.TakenQuantity), nameof(Deferral.TakenAmount), nameof(Deferral.TakenCompanyAmount));
        return given;
    }

    public static string RoleOf(DeferralPart part) => part is DeferralPart.Revenue ? Roles.DeferredRevenue : Roles.DeferredCost;
}
