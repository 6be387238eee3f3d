using System.Text.Json;
using Keel.Sales;
using Keel.Sales.Contract;

namespace Keel.Simulators;

/// How Harbour Home sends: the main warehouse is near to most customers, the overflow to those in the north; small orders are not split, and large ones are looked at.
internal static class Routes
{
    public static async Task Lay(Clerk clerk, Caller caller, CancellationToken ct)
    {
        if ((await clerk.Asks<int>($"select version from kernel.policy where company_id = {clerk.Company} and kind = {Sourcing.Kind}", ct)).Count > 0) return;
        await clerk.Does<SetLanes, SetLanes.Request, Saved[]>(new(
            [
                new("MAIN", "NL", 1, 4.95m), new("MAIN", "NL", 2, 5.45m, Postcode: "9"), new("MAIN", "BE", 2, 6.95m, 0.20m), new("MAIN", "DE", 2, 7.45m, 0.25m), new("MAIN", "FR", 3, 9.95m, 0.40m),
                new("OVERFLOW", "NL", 2, 5.45m), new("OVERFLOW", "NL", 1, 4.95m, Postcode: "9"), new("OVERFLOW", "BE", 3, 7.45m, 0.20m), new("OVERFLOW", "DE", 2, 7.25m, 0.25m), new("OVERFLOW", "FR", 4, 10.45m, 0.40m),
            ]), caller, ct);
        await clerk.Does<SetSiteTerms, SetSiteTerms.Request, Saved[]>(new([new("MAIN", 400, 0, 0.85m, 0.10m), new("OVERFLOW", 80, 0, 1.20m, 0.10m)]), caller, ct);
        var choice = new Sourcing(true,
            [
                new SourcingRoute("Web shop",
                    [
                        new("one parcel", First: SourcingSort.Departure, Then: SourcingSort.Cost, MostParcels: 1, Whole: true),
                        new("two parcels where it is worth it", First: SourcingSort.Cost, MostParcels: 2, SplitFrom: new Money(40_00, Currency.Eur), Whole: true),
                        new("what is there", First: SourcingSort.Channel, MostParcels: 2),
                    ], Channels: ["webshop"]),
            ]);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(Sourcing.Kind, JsonSerializer.SerializeToElement(choice, KeelJson.Options), "head of operations"), caller, ct);
        var checks = new OrderChecks([new OrderCheck(CheckKind.HighValue, CheckEffect.Hold, ["webshop"], new Money(600_00, Currency.Eur)), new OrderCheck(CheckKind.LowMargin, CheckEffect.Warn, Percent: 5)]);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(OrderChecks.Kind, JsonSerializer.SerializeToElement(checks, KeelJson.Options), "head of operations"), caller, ct);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(CustomerLinks.Kind, JsonSerializer.SerializeToElement(new CustomerLinks("http://127.0.0.1:5080"), KeelJson.Options), "head of sales"), caller, ct);
        var risk = new OrderRisk(30, 50,
            [
                new(RiskSign.FirstOrder, 15), new(RiskSign.UnusualValue, 35, 6), new(RiskSign.OrdersInHour, 30, 3), new(RiskSign.SharedAddress, 20, 3), new(RiskSign.OtherCountry, 25), new(RiskSign.DisposableMail, 60),
                new(RiskSign.DigitsInMail, 10, 6), new(RiskSign.FailedPayments, 25, 2), new(RiskSign.ManyReturns, 20, 60),
            ], ["webshop"], DisposableDomains: ["mailinator.com", "guerrillamail.com", "yopmail.com", "trashmail.com"]);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(OrderRisk.Kind, JsonSerializer.SerializeToElement(risk, KeelJson.Options), "head of operations"), caller, ct);
    }
}
