using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Chooses how goods are accounted for from now on. Back to as they move, inventory is stated as of now, so that both books say the same from the first move on.
[Operation("accounting.choose-inventory-method", AccountingPermissions.Rules, ChangesSettings = true, Said = "chose how goods are accounted for:", Icon = "books")]
internal sealed class ChooseInventoryMethod(KeelDb db, Settings settings, StatingInventory stating, StockDesk stock) : IOperation<ChooseInventoryMethod.Request, Done>
{
    public sealed record Request([Required] InventoryMethod Method);

    public static readonly Error Already = Error.Invalid("inventory.method-is-so", "Goods are accounted for in this way already.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        await stating.Alone(ct);
        var last = await stating.Last(ct);
        var (was, becomes) = (last is { IsPeriodic: true }, request.Method is InventoryMethod.Periodic);
        if (was == becomes) return Already;
        await stating.State((await Network.Of(settings, ct)).Day(db.Now), await stock.WorthByProduct(null, ct), last, becomes, ct);
        db.Work.Concerns(becomes ? "at the end of a period" : "as they move");
        db.Work.Changed("inventory-method", "all goods", "Method", was ? "Periodic" : "Perpetual", request.Method.ToString());
        return Done.It;
    }
}
