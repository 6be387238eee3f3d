using Keel.Kernel.Views;

namespace Keel.Stock;

/// The stock card: moves of a SKU or of a document, the latest first. Served by the indexes move_card and move_document.
[View("stock.moves", StockPermissions.Read, Sort = "-happened-at")]
internal sealed class MoveList(KeelDb db) : IView<MoveList.Row, MoveList.Args>
{
    public sealed record Args(Sku? Sku = null, Guid? Document = null);

    public sealed record Row
    {
        public required Id<StockMove> Id { get; init; }
        [Title("When")] public required DateTimeOffset HappenedAt { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        public required Quantity Quantity { get; init; }
        [Title("From")] public required LocationCode FromLocation { get; init; }
        [Title("To")] public required LocationCode ToLocation { get; init; }
        [Title("Document kind")] public required string DocumentKind { get; init; }
        [Title("Document key")] public required Guid DocumentId { get; init; }
        [Search, Title("Document")] public required string DocumentNumber { get; init; }
        [Title("Why")] public required string Reason { get; init; }
        [Cost] public Money? Value { get; init; }
        public required Currency Currency { get; init; }

        /// The number of the partner whose goods they are; nothing where they are ours.
        [Title("Whose", Empty = "ours")] public string? Owner { get; init; }
        public GoodsCondition Condition { get; init; }
        public string? Package { get; init; }
    }

    public FormattableString Rows(Args args) => $"{All} where m.company_id = {db.Company} {Narrow(args)}";

    /// Only what was asked for stands in the statement, so that each question has its own plan.
    private static SqlText Narrow(Args args)
    {
        var text = new SqlText();
        if (args.Sku is { } sku) text.Append($" and m.sku = {sku}");
        if (args.Document is { } document) text.Append($" and m.document_id = {document}");
        return text;
    }

    internal static readonly SqlText.Verbatim All = new(
        """
        select m.id, m.happened_at, m.sku, m.quantity, m.from_location, m.to_location, m.document_kind, m.document_id, m.document_number, m.reason, m.value, m.currency,
          nullif(m.owner, 'own') as owner, m.condition, nullif(m.package, '') as package
        from stock.move m
        """);
}

/// All moves, the latest written first. Served by the primary key.
[View("stock.latest-moves", StockPermissions.Read)]
internal sealed class LatestMoves(KeelDb db) : IView<MoveList.Row>
{
    public FormattableString Rows() => $"{MoveList.All} where m.company_id = {db.Company}";
}
