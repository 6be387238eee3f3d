using Keel.Partners.Contract;
using Keel.Printing.Contract;

namespace Keel.Warehouse;

/// What papers of shipments say of them, read once for all.
internal sealed class ShipmentSheets(KeelDb db)
{
    public sealed record HeadRow(
        Guid Id, string Number, string OrderNumber, NodeCode Node, string CustomerName, [property: Json] PostalAddress? ShipTo, DateOnly ShipBy, DateTimeOffset? ShippedAt, DateTimeOffset ReleasedAt,
        string? Carrier, string? Tracking, int Parcels, Quantity Units, ShipmentStatus Status, string? Language, long Serial, string? PurchaseOrder = null, string? PickerNote = null, string? CustomerNote = null, string? With = null);

    public sealed record LineRow(Guid ShipmentId, int Line, Sku Sku, string Name, string Location, Quantity Quantity, string Lot, string? Kit, string? Barcode, string? Gone)
    {
        /// The lots or serial numbers that left, or that are set aside to leave; nothing where units are not told apart.
        [NotAColumn]
        public string? Lots => Gone ?? (Lot.Length > 0 ? Lot : null);
    }

    /// Who may do a step of a shipment may print what goes with the parcel.
    public static readonly string[] Steps = [WarehousePermissions.Release, WarehousePermissions.Pick, WarehousePermissions.Pack, WarehousePermissions.Ship];

    public sealed record SubjectRow(Guid Id, string Number, NodeCode Node, Guid OrderId);

    /// Shipments by their ids; an order stands for all of its shipments.
    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var ids = PaperSubject.Ids(keys);
        var rows = await db.Query<SubjectRow>(
            $"""
            select id, number, node, order_id from warehouse.shipment
            where company_id = {db.Company} and status <> 'Cancelled' and (id = any({ids}) or order_id = any({ids})) order by id
            """, ct);
        return [.. rows.Select(r => new PaperSubject(new DocumentRef("shipment", r.Id, r.Number), r.Node, (ids.Contains(r.Id) ? r.Id : r.OrderId).ToString()))];
    }

    /// Heads with their lines in the order in which somebody walks past the bins. The serial of an SSCC is the shipment's own number.
    public async Task<IReadOnlyList<(HeadRow Head, LineRow[] Lines)>> Read(IReadOnlyList<DocumentRef> subjects, CancellationToken ct)
    {
        Guid[] ids = [.. subjects.Select(s => s.Id)];
        var heads = db.Ask<HeadRow>(
            $"""
            select s.id, s.number, s.order_number, s.node, s.customer_name, s.ship_to, s.ship_by, s.shipped_at, s.released_at, s.carrier, s.tracking, s.parcels, s.units, s.status, p.language,
              regexp_replace(s.number, '[^0-9]', '', 'g')::bigint as serial, o.purchase_order, o.picker_note, o.customer_note,
              (select string_agg(m.number, ', ' order by m.id) from warehouse.shipment m where m.together = s.together and m.id <> s.id and m.status <> 'Cancelled') as "with"
            from warehouse.shipment s join sales.pub_order o on o.id = s.order_id left join partners.pub_partner p on p.company_id = s.company_id and p.id = s.customer_id
            where s.company_id = {db.Company} and s.status <> 'Cancelled' and s.id = any({ids}) order by s.id
            """);
        var lines = await db.Query<LineRow>(
            $"""
            select l.shipment_id, l.line, l.sku, coalesce(p.name, l.sku) as name, l.location, l.quantity, l.lot, coalesce(kp.name, k.kit) as kit,
              (select min(b.code) from catalog.pub_barcode b where b.sku = l.sku and b.unit = p.unit) as barcode,
              (select string_agg(distinct m.lot, ', ' order by m.lot) from stock.pub_move m where m.document_id = l.shipment_id and m.sku = l.sku and m.lot <> '') as gone
            from warehouse.shipment_line l join warehouse.shipment s on s.id = l.shipment_id
            left join catalog.pub_product p on p.sku = l.sku
            left join sales.pub_kit_part k on k.order_id = s.order_id and k.line = l.order_line
            left join catalog.pub_product kp on kp.sku = k.kit
            left join stock.pub_location c on c.company_id = l.company_id and c.code = l.location
            where l.company_id = {db.Company} and l.shipment_id = any({ids}) order by l.shipment_id, l.location = '', c.pick_order, l.location, l.line
            """, ct);
        var byShipment = lines.ToLookup(l => l.ShipmentId);
        return [.. heads.Value.Select(h => (h, byShipment[h.Id].ToArray()))];
    }

    internal static string[] AddressOf(HeadRow head) => head.ShipTo is not { } at
        ? [head.CustomerName]
        : [.. new[] { head.CustomerName, at.Line1, at.Line2, $"{at.PostalCode} {at.City}", at.Country }.Where(l => l is { Length: > 0 }).Select(l => l!)];

    /// MAIN/A-03-2 is A-03-2 on a paper of MAIN.
    internal static string ShortBin(string code, NodeCode node) => code.StartsWith(node.Text + "/", StringComparison.Ordinal) ? code[(node.Text.Length + 1)..] : code;

    /// A product by its name, with the kit that it was sold in and the lots that leave of it.
    internal static string Named(IEnumerable<LineRow> lines, Tongue tongue)
    {
        var all = lines.ToArray();
        var name = all[0].Kit is { } kit ? $"{all[0].Name}, {tongue.Say("part-of")} {kit}" : all[0].Name;
        return string.Join(", ", all.Select(l => l.Lots).OfType<string>().Distinct()) is { Length: > 0 } lots ? $"{name}, {tongue.Say("lot")} {lots}" : name;
    }

    internal static DateOnly DayOf(HeadRow head) => DateOnly.FromDateTime((head.ShippedAt ?? head.ReleasedAt).UtcDateTime);
}

/// What lies in the parcel, for the customer: no prices.
internal sealed class PackingSlip(ShipmentSheets shipments) : IPaper
{
    public static readonly PaperKind Paper = new("packing-slip", "Packing slip", "shipment", PaperForm.Document, WarehousePermissions.Read) { NamesPeople = true, Steps = ShipmentSheets.Steps };

    public PaperKind Kind => Paper;

    public Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) => shipments.Find(keys, ct);

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) =>
        (await shipments.Read(subjects, ct)).ToDictionary(s => s.Head.Id, s => (Sheet)SheetOf(s.Head, s.Lines, Tongue.Of(s.Head.Language, style.Tongue)));

    private static DocumentSheet SheetOf(ShipmentSheets.HeadRow head, ShipmentSheets.LineRow[] lines, Tongue tongue)
    {
        var say = tongue.Say;
        SheetFact[] fact(string word, string? value) => value is { Length: > 0 } ? [new(say(word), value)] : [];
        return new DocumentSheet(say("packing-slip"), head.Number, tongue)
        {
            Day = ShipmentSheets.DayOf(head),
            Barcode = head.Number,
            To = ShipmentSheets.AddressOf(head),
            Facts =
            [
                new(say("date"), tongue.Day(ShipmentSheets.DayOf(head))), new(say("order"), head.OrderNumber), .. fact("your-order", head.PurchaseOrder), new(say("from"), head.Node.Text),
                .. fact("carrier", head.Carrier), .. fact("tracking", head.Tracking), .. fact("parcels", head.Parcels > 0 ? $"{head.Parcels}" : null), .. fact("together-with", head.With),
            ],
            Columns = [new(say("position"), 5), new(say("sku"), 20), new(say("what"), 45), new(say("quantity"), 10, IsRight: true)],
            Lines = [.. lines.GroupBy(l => (l.Sku, l.Kit)).Select((g, i) => (IReadOnlyList<string>)[$"{i + 1}", g.Key.Sku.Text, ShipmentSheets.Named(g, tongue), tongue.Count(g.Sum(l => l.Quantity))])],
            Totals = [new(say("units"), tongue.Count(head.Units), IsStrong: true)],
            Remarks = head.CustomerNote is { } note ? [note, say("thanks")] : [say("thanks")],
        };
    }
}

/// What to take from which bin, in walking order, with bars to scan.
internal sealed class PickList(ShipmentSheets shipments) : IPaper
{
    public static readonly PaperKind Paper = new("pick-list", "Pick list", "shipment", PaperForm.Document, WarehousePermissions.Read);

    public PaperKind Kind => Paper;

    public Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) => shipments.Find(keys, ct);

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) =>
        (await shipments.Read(subjects, ct)).ToDictionary(s => s.Head.Id, s => (Sheet)SheetOf(s.Head, s.Lines, style.Tongue));

    private static DocumentSheet SheetOf(ShipmentSheets.HeadRow head, ShipmentSheets.LineRow[] lines, Tongue tongue)
    {
        var say = tongue.Say;
        return new DocumentSheet(say("pick-list"), head.Number, tongue)
        {
            Day = DateOnly.FromDateTime(head.ReleasedAt.UtcDateTime),
            Barcode = head.Number,
            To = [head.Node.Text],
            Facts = [new(say("order"), head.OrderNumber), new(say("ship-by"), tongue.Day(head.ShipBy)), new(say("units"), tongue.Count(head.Units)), .. head.PickerNote is { } note ? [new SheetFact(say("note"), note)] : Array.Empty<SheetFact>(), .. head.With is { } mates ? [new SheetFact(say("together-with"), mates)] : Array.Empty<SheetFact>()],
            Columns = [new(say("bin"), 15), new(say("quantity"), 10, IsRight: true), new(say("what"), 38), new(say("sku"), 16), new(say("scan"), 26) { IsBarcode = true }, new(say("picked"), 12)],
            Lines = [.. lines.Select(l => (IReadOnlyList<string>)
                [l.Location.Length == 0 ? say("no-bin") : ShipmentSheets.ShortBin(l.Location, head.Node), tongue.Count(l.Quantity), ShipmentSheets.Named([l], tongue), l.Sku.Text, l.Barcode ?? l.Sku.Text, "____"])],
        };
    }
}

/// The label on the parcel, of our own layout: who to, the shipment to scan, and the parcel's serial number where we have a GS1 prefix.
internal sealed class ShippingLabel(ShipmentSheets shipments) : IPaper
{
    public static readonly PaperKind Paper = new("shipping-label", "Shipping label", "shipment", PaperForm.Label, WarehousePermissions.Read)
    {
        NamesPeople = true, Steps = ShipmentSheets.Steps, Target = TimeSpan.FromMinutes(2),
    };

    public PaperKind Kind => Paper;

    public Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) => shipments.Find(keys, ct);

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) =>
        (await shipments.Read(subjects, ct)).ToDictionary(s => s.Head.Id, s => (Sheet)SheetOf(s.Head, style));

    private static LabelSheet SheetOf(ShipmentSheets.HeadRow head, PaperStyle style)
    {
        var tongue = style.Tongue;
        var address = ShipmentSheets.AddressOf(head);
        var marks = new List<LabelMark>
        {
            new LabelText(40, 40, 24, 640, tongue.Say("from")), new LabelText(40, 70, 32, 640, style.Sender.Length > 0 ? style.Sender : style.Company),
            new LabelRule(40, 120, 936, 4), new LabelText(40, 140, 24, 500, tongue.Say("to")),
        };
        marks.AddRange(address.Select((line, i) => new LabelText(40, 175 + i * 68, 56, 936, line, IsBold: i is 0 || i == address.Length - 2)));
        marks.AddRange(
        [
            new LabelRule(40, 545, 936, 4), new LabelText(40, 560, 30, 460, head.With is { } mates ? $"{head.Number} + {mates}" : $"{tongue.Say("order")} {head.OrderNumber}"),
            new LabelText(40, 605, 30, 460, $"{tongue.Say("parcels")} {Math.Max(1, head.Parcels)} · {tongue.Say("units")} {tongue.Count(head.Units)}"),
            new LabelText(40, 650, 30, 460, $"{head.Carrier} {head.Tracking}".Trim()), new LabelSquare(700, 560, 276, head.Tracking ?? head.Number),
            new LabelText(40, 740, 44, 640, head.Number, IsBold: true), new LabelBars(40, 860, 936, 220, head.Number),
        ]);
        // A serial number is one parcel's: several parcels of one shipment cannot share it.
        if (style.Gs1Prefix is { } prefix && head.Parcels <= 1)
        {
            var serial = Sscc.Of(prefix, head.Serial);
            marks.AddRange([new LabelRule(40, 1110, 936, 4), new LabelBars(40, 1140, 936, 240, "00" + serial, IsGs1: true), new LabelText(200, 1400, 40, 700, $"(00) {serial}")]);
        }

        return new LabelSheet("Label", head.Number, 102, 150, marks);
    }
}
