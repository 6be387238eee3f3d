using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Where goods of an order come from. The first route that an order fits is asked rule by rule: the first rule that can give everything is followed. An order
/// that fits none goes to the first site of its channel that has everything, and is split over sites where none has and `MaySplit` says so.
public sealed record Sourcing(bool MaySplit, [MaxLength(50)] IReadOnlyList<SourcingRoute>? Routes = null) : IPolicy<Sourcing>
{
    public static string Kind => "sourcing";
    public static Sourcing AsDelivered => new(true);
    public static string Says => "Where goods of an order come from: which sites are asked for which orders, what makes one better than another, and how far an order may be split. Where no route is for an order, the first site of its channel that has everything; whether it may be split over sites where none has.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order", "sales.reserve-orders", "sales.refuse-lines"];

    /// The route of an order and its rules.
    internal (string? Route, IReadOnlyList<SourcingRule> Rules) For(RouteAsked order) =>
        Routes?.FirstOrDefault(r => r.Fits(order)) is { } route ? (route.Name, route.Rules) : (null, [MaySplit ? Split : OneSite]);

    private static readonly SourcingRule Split = new("as the channel says", MostParcels: 50);
    private static readonly SourcingRule OneSite = new("as the channel says", MostParcels: 1);
}
