using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;

namespace Keel.Stock;

/// Says anew what is known of a lot: its dates, the supplier's number for it, a note. What lies of it follows at once; what the calendar had taken off sale
/// is sold again within a minute where the new date allows it.
[Operation("stock.change-lot", StockPermissions.Adjust, Said = "changed {lots|a lot}", Icon = "edit")]
internal sealed class ChangeLot(KeelDb db, CatalogDesk catalog) : IOperation<ChangeLot.Request, DocumentRef>
{
    public sealed record Request(Guid Lot, int Version, DateOnly? MadeOn = null, DateOnly? ExpiresOn = null, DateOnly? SellUntil = null, [MaxLength(60)] string? SupplierLot = null, [MaxLength(400)] string? Note = null);

    public static readonly Error ChangedMeanwhile = new("stock.lot-changed", "Somebody changed this lot meanwhile. Look at it again, then save.");
    public static readonly Error Order = Error.Invalid("stock.lot-dates", "A lot is made before it expires, and is not sold after that day.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<Lot>().Find($"company_id = {db.Company} and id = {request.Lot} for update", ct) is not { } lot) return Lot.Unknown;
        if (lot.Version != request.Version) return ChangedMeanwhile;
        var product = catalog.Ask([lot.Sku]);
        await db.Flush(ct);
        if (request.ExpiresOn is null && product.Value[lot.Sku].ShelfLifeDays is not null) return Lots.NoExpiry;
        DateOnly? sellUntil = request.ExpiresOn is null ? null : request.SellUntil ?? request.ExpiresOn.Value.AddDays(-(product.Value[lot.Sku].LastSaleDays ?? 0));
        if (request.MadeOn > request.ExpiresOn || sellUntil > request.ExpiresOn || (request.ExpiresOn is null && request.SellUntil is not null)) return Order;

        var next = lot with
        {
            MadeOn = request.MadeOn, ExpiresOn = request.ExpiresOn, SellUntil = sellUntil, SupplierLot = request.SupplierLot?.Trim(), Note = request.Note?.Trim(), Version = lot.Version + 1,
        };
        db.Work.Concerns(lot.Code.Text);
        db.Work.Changed(Lot.RecordKind, Lot.Named(lot.Sku, lot.Code), lot, next);
        db.Table<Lot>().Update(next);
        if (lot.SellUntil != sellUntil)
        {
            // Levels keep the day beside them, so that pickers find the oldest first without asking. They are locked as whoever moves goods locks them.
            db.Climb(Rung.Level);
            db.QueueQuery<int>($"select 1 from stock.level where company_id = {db.Company} and sku = {lot.Sku} and lot = {lot.Code} order by node, sku, location, lot, package, owner, condition for update", _ => { });
            db.Queue($"update stock.level set sell_until = {sellUntil} where company_id = {db.Company} and sku = {lot.Sku} and lot = {lot.Code}");
        }

        return lot.Ref;
    }
}
