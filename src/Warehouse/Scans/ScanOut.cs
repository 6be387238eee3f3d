using System.ComponentModel.DataAnnotations;

namespace Keel.Warehouse;

/// One scan of a packed parcel as it leaves. The scan may be told later, when the scanner had no link: then the goods left when it was scanned.
[Operation("warehouse.scan-out", WarehousePermissions.Ship, Title = "Scan out", Said = "scanned {shipments|it} out", Icon = "scan")]
internal sealed class ScanOut(KeelDb db, ShipmentSteps steps) : IOperation<ScanOut.Request, ScanOut.Answer>
{
    private static readonly TimeSpan LatestWord = TimeSpan.FromDays(3);

    public sealed record Request([Required, MaxLength(80)] string Code, DateTimeOffset? ScannedAt = null);

    public sealed record Answer(string Number, string Sentence);

    public sealed record Row(Id<Shipment> Id, string Number, ShipmentStatus Status, Quantity Units, string? Carrier, Guid? Together);

    public static readonly Error Unknown = Error.NotFound("warehouse.scan-unknown", "No shipment has this number or tracking number. Put the parcel aside and look.");
    public static readonly Error Cancelled = new("warehouse.scan-cancelled", "This shipment was cancelled: take the parcel off the truck and put the goods back.");
    public static readonly Error Gone = new("warehouse.scan-gone", "This shipment has left already. Is it a second parcel, or the same scan again?");
    public static readonly Error NotPacked = new("warehouse.scan-not-packed", "This shipment is not packed yet: it stays here.");
    public static readonly Error Several = new("warehouse.scan-several", "Several shipments have this tracking number: scan the number of the shipment.");
    public static readonly Error TooLate = Error.Invalid("warehouse.scan-too-late", "The scan is from the future, or older than three days. Tell it by hand.");
    public static readonly Error Stays = new("warehouse.scan-stays", "This shipment cannot leave.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        // A scanner's clock may be a little ahead of ours.
        if (request.ScannedAt is { } at && (at > db.Now.AddMinutes(5) || at < db.Now - LatestWord)) return TooLate;
        var code = Symbol(request.Code);
        var number = code.ToUpperInvariant();
        var found = await db.Query<Row>(
            $"select id, number, status, units, carrier, together from warehouse.shipment where company_id = {db.Company} and (number = {number} or tracking = {code}) order by number = {number} desc, id limit 2", ct);
        if (found.Count == 0) return Unknown;
        if (found.Count == 2 && found[0].Number != number && (found[0].Together is null || found[0].Together != found[1].Together)) return Several;
        var shipment = found[0];
        if (shipment.Status is ShipmentStatus.Cancelled) return Cancelled;
        if (shipment.Status is ShipmentStatus.Shipped or ShipmentStatus.Delivered) return Gone;
        if (shipment.Status is not ShipmentStatus.Packed) return NotPacked;

        db.Work.HappenedAt = request.ScannedAt < db.Now ? request.ScannedAt : null;
        var answers = await steps.Out([shipment.Id], ct);
        if (answers[0].Why is { } why) return Stays.With(why);
        var others = answers.Count == 1 ? "" : $", and in the same parcel {string.Join(", ", answers.Skip(1).Select(a => a.Number))}";
        return new Answer(shipment.Number, $"{shipment.Number}: {shipment.Units} {(shipment.Units == 1 ? "unit" : "units")} left{(shipment.Carrier is { } carrier ? $" with {carrier}" : "")}{others}");
    }

    /// What the scanner says of the kind of code in front (]C1, ]Q3) is not part of it.
    private static string Symbol(string code) => code.Length > 3 && code[0] == ']' ? code[3..].Trim() : code.Trim();
}
