using Keel.Stock.Contract;

namespace Keel.Stock;

/// Goods that were made together and expire together, or one unit with a serial number of its own.
[Rows("stock.lot", "id")]
internal sealed record Lot(
    Guid Id, Id<Company> CompanyId, Sku Sku, LotCode Code, bool Serial, DateOnly? MadeOn, DateOnly? ExpiresOn, DateOnly? SellUntil, Guid? Supplier, string? SupplierLot, string? Note,
    DateTimeOffset FirstAt, int Version, Guid Operation)
{
    public const string RecordKind = "lot";

    public static readonly Error Unknown = Error.NotFound("stock.lot-unknown", "Nobody knows this lot. Check the number.");

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<Lot>.Instance.Names} from stock.lot");

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id, Named(Sku, Code));

    /// As people say it: `TEA-01 / L2407`.
    public static string Named(Sku sku, LotCode code) => $"{sku} / {code}";

    public static Task<Lot?> Find(KeelDb db, Sku sku, LotCode code, CancellationToken ct) => db.Table<Lot>().Find($"company_id = {db.Company} and sku = {sku} and code = {code}", ct);
}

/// What became of units of a lot at the border of the house.
internal enum LotStep
{
    Received,
    Issued,
    Returned,
}

/// Units of a lot came from somebody or went to somebody, on a paper. Never changed.
[Rows("stock.lot_trail", "move_id")]
internal sealed record LotTrail(
    Id<StockMove> MoveId, Id<Company> CompanyId, Sku Sku, LotCode Lot, LotStep Step, Quantity Quantity, Guid? Partner, NodeCode Node, DocumentRef Document, int Line,
    Guid? OrderId, string? OrderNumber, DateTimeOffset HappenedAt)
{
    /// The step of a move, where one of its ends is a supplier or a customer.
    public static LotTrail? Of(StockMove move, Paper paper)
    {
        LotStep? step = move.ToLocation == Place.Customer ? LotStep.Issued : move.FromLocation == Place.Customer ? LotStep.Returned : move.FromLocation == Place.Supplier ? LotStep.Received : null;
        return step is not { } known ? null : new LotTrail(
            move.Id, move.CompanyId, move.Sku, LotCode.From(move.Lot), known, move.Quantity, paper.Partner, paper.Node ?? (known is LotStep.Issued ? move.FromNode : move.ToNode), move.Document, move.Line,
            paper.Order?.Id, paper.Order?.Number, move.HappenedAt);
    }
}
