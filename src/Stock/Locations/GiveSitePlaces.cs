namespace Keel.Stock;

/// A company starts with the places outside its nodes and the usual reasons; each site with its standard places.
internal sealed class GiveSitePlaces(KeelDb db) : IHandle<CompanyFounded>, IHandle<SiteOpened>
{
    public Task Handle(CompanyFounded happened, CancellationToken ct)
    {
        var company = happened.Company.Id;
        PlaceKind[] outside = [PlaceKind.Supplier, PlaceKind.Customer, PlaceKind.Transit, PlaceKind.Production, PlaceKind.Loss, PlaceKind.Scrap, PlaceKind.Change, PlaceKind.Owner];
        db.Table<Location>().Insert([.. outside.Select(k => new Location(company, k.ToString(), default, null, k, k.ToString(), 0))]);
        (string Code, string Name)[] reasons =
        [
            ("count", "Counted"), ("found", "Found"), ("lost", "Lost"), ("damaged", "Damaged"), ("expired", "Expired"),
            ("theft", "Stolen"), ("sample", "Given as a sample"), ("correction", "Booking put right"), ("opening", "Opening stock"),
        ];
        db.Table<Reason>().Insert([.. reasons.Select(r => new Reason(company, r.Code, r.Name, MostPercent: r.Code == "count" ? 2 : null))]);
        return Task.CompletedTask;
    }

    public Task Handle(SiteOpened happened, CancellationToken ct)
    {
        var site = happened.Site;
        (string Place, PlaceKind Kind, string Name)[] standard =
        [
            ("STOCK", PlaceKind.Storage, "Stock"), ("RECEIVING", PlaceKind.Receiving, "Receiving"), ("QUALITY", PlaceKind.Quality, "Quality check"),
            ("PACKING", PlaceKind.Packing, "Packing"), ("RETURNS", PlaceKind.Returns, "Returns"), ("DAMAGED", PlaceKind.Damaged, "Damaged"),
            ("QUARANTINE", PlaceKind.Quarantine, "Quarantine"), ("DOUBT", PlaceKind.Doubt, "In doubt"),
        ];
        db.Table<Location>().Insert([.. standard.Select((p, i) => new Location(
            site.CompanyId, Place.In(site.Code, p.Place), site.Code, null, p.Kind, $"{site.Name}, {p.Name.ToLowerInvariant()}", 1_000_000 + i))]);
        return Task.CompletedTask;
    }
}
