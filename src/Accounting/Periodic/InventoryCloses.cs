using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Accounting;

/// Each time that inventory was stated, the latest first.
[View("accounting.inventory-closes", AccountingPermissions.Read, Sort = "-number")]
internal sealed class InventoryCloses(KeelDb db) : IView<InventoryCloses.Row>
{
    public sealed record Row
    {
        [Key] public required int Number { get; init; }
        public required Guid DocumentId { get; init; }
        [Search, Title("Statement")] public required string DocumentNumber { get; init; }
        public required DateOnly Through { get; init; }
        [Title("From then on")] public required InventoryMethod Method { get; init; }
        [Title("Inventory")] public required Money Value { get; init; }
        [Title("Purchases until then")] public required Money Purchases { get; init; }
        [Title("Cost of goods sold")] public required Money Cost { get; init; }
        public required Currency Currency { get; init; }
        public required bool IsPosted { get; init; }
        [Title("By")] public required string DoneBy { get; init; }
        [Title("Stated")] public required DateTimeOffset DoneAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select number, document_id, document_number, through, case when is_periodic then 'Periodic' else 'Perpetual' end as method, value, purchases, cost, currency, is_posted, done_by, done_at
        from accounting.inventory_close where company_id = {db.Company}
        """;
}
