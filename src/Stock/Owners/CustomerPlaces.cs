using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// A place at a customer's, where our own goods lie until the customer uses them.
[Rows("stock.customer_place", "company_id", "location")]
internal sealed record CustomerPlace(Id<Company> CompanyId, LocationCode Location, Guid Partner, NodeCode Node, DateTimeOffset OpenedAt, Guid Operation);

/// Opens a place at a customer's. What is moved there stays ours, on hand and valued, and is promised to nobody else.
[Operation("stock.open-customer-place", StockPermissions.Owners, ChangesSettings = true, Said = "opened a place at {customer|a customer}", Icon = "warehouse")]
internal sealed class OpenCustomerPlace(KeelDb db, Settings settings) : IOperation<OpenCustomerPlace.Request, LocationCode>
{
    public sealed record Request(Guid Customer, NodeCode Node);

    public static readonly Error There = new("stock.customer-place-there", "There is a place at this customer's already.");

    private sealed record PartnerRow(string Number, string Name);

    public async Task<Result<LocationCode>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        if (!network.Sites.ContainsKey(request.Node)) return Receiving.NoNode.With($"There is no site {request.Node}. Create the site first.");
        if (await db.Query<PartnerRow>($"select number, name from partners.pub_partner where company_id = {db.Company} and id = {request.Customer}", ct) is not [var partner]) return AgreeOwner.NoPartner;
        var code = Place.In(request.Node, "AT-" + partner.Number);
        if (places.ByCode.ContainsKey(code)) return There.With($"There is a place at {partner.Name} already: {code}.");
        db.Work.Actor.MustBeAt(request.Node);
        db.Work.Concerns(code.Text);
        places.Change(db, [request.Node]);
        db.Table<Location>().Insert(new Location(db.Company, code, request.Node, null, PlaceKind.AtCustomer, $"At {partner.Number}", 2_000_000) { Tier = PlaceTier.Zone });
        db.Table<CustomerPlace>().Insert(new CustomerPlace(db.Company, code, request.Customer, request.Node, db.Now, db.Work.Operation));
        return code;
    }
}

/// A customer used goods of ours that lay at theirs: they are issued now, at what they cost.
[Operation("stock.use-at-customer", StockPermissions.Move, Said = "issued what a customer used at {place|their place}", Icon = "truck")]
internal sealed class UseAtCustomer(KeelDb db, Settings settings, ProductGuard products) : IOperation<UseAtCustomer.Request, DocumentRef>
{
    public sealed record Request(LocationCode Place, [Required, MinLength(1), MaxLength(500)] IReadOnlyList<Line> Lines, [MaxLength(60)] string? Reference = null, DateTimeOffset? HappenedAt = null);

    public sealed record Line(Sku Sku, [Positive] Quantity Quantity, LotCode? Lot = null);

    public static readonly Error NotAtCustomer = new("stock.not-at-customer", "This place is not at a customer's. Open one there first, and move goods into it.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        if (!places.ByCode.TryGetValue(request.Place, out var place) || place.Kind is not PlaceKind.AtCustomer) return NotAtCustomer;
        if (request.HappenedAt > db.Now) return AdjustStock.InFuture;
        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } wrong) return wrong;
        var partner = (await db.Table<CustomerPlace>().Find($"company_id = {db.Company} and location = {place.Code}", ct))!.Partner;
        db.Work.HappenedAt = request.HappenedAt;
        var happenedAt = request.HappenedAt ?? db.Now;
        var number = await db.Numbers.Take(db.Company, "CU", db.Now.Year, ct);
        db.Work.Concerns(number);
        db.Work.Concerns(place.Code.Text);
        var document = new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, StockDocumentKind.Issue, number, place.Node, partner, request.Reference, "used at customer", request.Lines.Count, Money.Zero(network.Company.Currency),
            network.Company.Currency, happenedAt, db.Now, network.DayAt(place.Node, happenedAt), db.Work.Operation);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, request.Lines.Select(l => new PositionKey(db.Company, l.Sku, place.Node, PositionKey.Own)), create: false, ct);
        var paper = new Paper(document.Ref, document.Reason, happenedAt, document.Day) { Partner = partner };
        var lines = new List<ValuedLine>();
        foreach (var (line, at) in request.Lines.Select((l, i) => (l, i + 1)))
        {
            var key = new PositionKey(db.Company, line.Sku, place.Node, PositionKey.Own);
            var lot = Lots.Only(shelf, key, place.Code, line.Lot);
            if (!lot.Ok) return lot.Error!;
            var level = shelf.LevelAt(new LevelKey(db.Company, place.Node, line.Sku, place.Code, lot.Value, "", PositionKey.Own));
            if (level.OnHand < line.Quantity) return MoveStock.NotThere.With($"{place.Code} holds {level.OnHand} of {line.Sku}; {line.Quantity} cannot have been used there. Count it first if it should.");
            var move = shelf.Move(level.Goods(line.Quantity), place.Code, Place.Customer, paper, at);
            lines.Add(new ValuedLine(line.Sku, line.Quantity, -move.Value!.Value));
        }

        shelf.Write();
        db.StockDocuments.Insert(document with { Value = -lines.Aggregate(Money.Zero(network.Company.Currency), (sum, l) => sum + l.Value) });
        db.Raise(new GoodsIssued(document.Ref, place.Node, document.Day, happenedAt, lines) { Partner = partner });
        return document.Ref;
    }
}

/// What of ours lies at customers', by place and SKU.
[View("stock.at-customers", StockPermissions.Read, Sort = "location")]
internal sealed class AtCustomers(KeelDb db) : IView<AtCustomers.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Place")] public required LocationCode Location { get; init; }
        [Search, Personal, Title("Customer", Empty = "nobody")] public string? Customer { get; init; }
        [Title("Key of the customer")] public required Guid CustomerId { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("SKU")] public Sku? Sku { get; init; }
        [Title("Product")] public string? Name { get; init; }
        public required Quantity OnHand { get; init; }
        [Title("There since")] public DateTimeOffset? ArrivedAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select c.location || ' ' || coalesce(v.sku, '') as id, c.location, (select p.name from partners.pub_partner p where p.id = c.partner) as customer, c.partner as customer_id, c.node, v.sku,
          (select p.name from catalog.pub_product p where p.sku = v.sku) as name, coalesce(v.on_hand, 0) as on_hand, v.arrived_at,
          case when v.sku is null then 'Move goods there' else 'Issue what the customer used' end as next
        from stock.customer_place c
        left join lateral (select l.sku, sum(l.on_hand)::bigint as on_hand, min(l.arrived_at) as arrived_at from stock.level l
          where l.company_id = c.company_id and l.location = c.location and l.on_hand > 0 group by l.sku) v on true
        where c.company_id = {db.Company}{db.Work.Actor.Reach.And("c.node")}
        """;
}
