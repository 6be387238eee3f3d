using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// Adds places to a node.
[Operation("stock.create-locations", StockPermissions.Locations, ChangesSettings = true, Said = "created {places|the place}", Icon = "warehouse")]
internal sealed class CreateLocations(KeelDb db, Settings settings, Policies policies) : IOperation<CreateLocations.Request, int>
{
    public sealed record Request([Required, MinLength(1)] IReadOnlyList<Place> Places);

    public sealed record Place(
        LocationCode Code, NodeCode Node, PlaceKind Kind = PlaceKind.Storage, [MaxLength(100)] string? Name = null, LocationCode? Parent = null,
        [Range(0, 1_000_000)] int PickOrder = 0, PlaceTier Tier = PlaceTier.Bin);

    public static readonly Error Exists = new("stock.location-exists", "There is a place with this code. Choose another code.");
    public static readonly Error Outside = Error.Invalid("stock.location-outside", "A place outside the nodes cannot be added to a node.");

    public static readonly Error Misnamed = Error.Invalid("stock.location-misnamed", "The code is not as the site names its places.");
    public static readonly Error LabelTaken = new("stock.barcode-taken", "Another place has this barcode. Choose another.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var places = await Stock.Places.Of(settings, ct);
        var naming = (await policies.Of<PlaceNaming>(ct)).Choice;
        var added = new HashSet<LocationCode>();
        foreach (var place in request.Places)
        {
            if (!network.Sites.ContainsKey(place.Node)) return Receiving.NoNode.With($"There is no site {place.Node}. Create the site first.");
            if (places.ByCode.ContainsKey(place.Code) || !added.Add(place.Code))
                return Exists.With($"There is a place {place.Code} already. Choose another code.");
            if (places.ByBarcode.TryGetValue(place.Code.Text, out var labelled))
                return LabelTaken.With($"{labelled} bears the label {place.Code} already. Choose another code, or change that label.");
            if (!Stock.Place.Rules[place.Kind].Counted || place.Kind is PlaceKind.Doubt) return Outside;
            if (naming.Wrong(place.Node, place.Code, place.Kind, place.Tier) is { } odd) return Misnamed.With(odd);
            if (place.Parent is { } parent && !added.Contains(parent) && (!places.ByCode.TryGetValue(parent, out var above) || above.Node != place.Node))
                return Receiving.NoPlace.With($"There is no place {parent} at {place.Node} to put {place.Code} under.");
            if (place.Parent is { } under && places.ClosedAt(under) is { } closed) return closed;
        }

        // Alone with the places of these sites, so that none is added under one that is being closed.
        places.Change(db, request.Places.Select(p => p.Node));
        db.Table<Location>().Insert([.. request.Places.Select(p => new Location(
            db.Company, p.Code, p.Node, p.Parent ?? Stock.Place.In(p.Node, "STOCK"), p.Kind, p.Name ?? p.Code.Text, p.PickOrder) { Tier = p.Tier })]);
        db.Work.Concerns(request.Places[0].Code.Text);
        return request.Places.Count;
    }
}
