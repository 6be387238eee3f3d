using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// What happened to goods at a site under another authority, as its people tell it.
internal enum ExternalEventKind
{
    /// Good units are gone.
    [Shown(StateRole.Late)]
    Lost,

    /// Good units turned up.
    [Shown(StateRole.Done)]
    Found,

    /// Good units are damaged.
    [Shown(StateRole.Late)]
    Damaged,

    /// Damaged units are good again.
    [Shown(StateRole.Done)]
    GoodAgain,
}

/// One event that an external site told, and how much of it our book could follow. A fact: it never changes.
[Rows("stock.external_event", "id")]
internal sealed record ExternalEvent(
    Guid Id, Id<Company> CompanyId, string Number, NodeCode Node, string Reference, ExternalEventKind Kind, Sku Sku, string Lot, Quantity Quantity, Quantity Booked, string? Note, DateTimeOffset HappenedAt,
    DateTimeOffset ToldAt, string ToldBy, Guid? DocumentId, string? DocumentNumber, Guid Operation)
{
    public const string RecordKind = "external-event";

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<ExternalEvent>.Instance.Names} from stock.external_event");

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id, Number);

    /// What they tell and our book had not.
    [NotAColumn]
    public Quantity Left => Quantity - Booked;

    /// By how much it changes what is there in each condition.
    public static IReadOnlyList<(GoodsCondition Condition, Quantity By)> Changes(ExternalEventKind kind, Quantity quantity) => kind switch
    {
        ExternalEventKind.Lost => [(GoodsCondition.Good, -quantity)],
        ExternalEventKind.Found => [(GoodsCondition.Good, quantity)],
        ExternalEventKind.Damaged => [(GoodsCondition.Good, -quantity), (GoodsCondition.Damaged, quantity)],
        _ => [(GoodsCondition.Damaged, -quantity), (GoodsCondition.Good, quantity)],
    };
}

/// What external sites told of single units, the newest first.
[View("stock.external-events", StockPermissions.Read, Sort = "-told-at")]
internal sealed class ExternalEvents(KeelDb db) : IView<ExternalEvents.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        [Search, Title("Event")] public required string Number { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("Their reference")] public required string Reference { get; init; }
        [Title("What happened")] public required ExternalEventKind Kind { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Title("Product")] public required string Name { get; init; }
        public string? Lot { get; init; }
        public required Quantity Quantity { get; init; }
        [Title("Not in our book")] public required Quantity Left { get; init; }
        public required DateTimeOffset HappenedAt { get; init; }
        public required DateTimeOffset ToldAt { get; init; }
        [Title("Paper")] public string? DocumentNumber { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select e.id, e.number, e.node, e.reference, e.kind, e.sku, coalesce(p.name, e.sku) as name, nullif(e.lot, '') as lot, e.quantity, e.quantity - e.booked as left, e.happened_at, e.told_at, e.document_number
        from stock.external_event e left join catalog.pub_product p on p.sku = e.sku where e.company_id = {db.Company}{db.Work.Actor.Reach.And("e.node")}
        """;
}
