using System.ComponentModel.DataAnnotations;
using Keel.Ledger;
using Keel.Ledger.Contract;
using Keel.Stock.Contract;

namespace Keel.Accounting;

/// States what goods were worth at the end of a day, for a company that accounts for them by period. Done again for the same day, it posts what became known since.
[Operation("accounting.close-inventory", LedgerPermissions.Periods, Said = "stated the inventory of", Icon = "lock")]
internal sealed class CloseInventory(KeelDb db, Settings settings, StatingInventory stating, StockDesk stock) : IOperation<CloseInventory.Request, CloseInventory.Closed>, IAssess<CloseInventory.Request, CloseInventory.Closed>
{
    /// The last day of the period, in the company's own days.
    public sealed record Request([Required, Display(Name = "Through")] DateOnly Through);

    /// What goods are worth, what was bought since the last time, and what of both was sold, in company currency.
    public sealed record Closed(DateOnly Through, Money Inventory, Money Purchases, Money CostOfGoodsSold);

    public static readonly Error Perpetual = Error.Invalid("inventory.perpetual", "This company accounts for goods as they move: there is nothing to state. Choose the method first, if it is to be by period.");
    public static readonly Error NotOver = Error.Invalid("inventory.day-not-over", "This day is not over yet. Name yesterday or an earlier day.");
    public static readonly Error Later = Error.Invalid("inventory.stated-later", "Inventory was stated through a later day. Name that day, or one after it.");
    public static readonly Error Locked = Error.Invalid("inventory.month-locked", "The month of this day is locked. Open it again, or name a day of a month that is open.");

    public async Task<Result<Closed>> Run(Request request, CancellationToken ct)
    {
        var (chart, network) = (await Chart.Of(settings, ct), await Network.Of(settings, ct));
        await stating.Alone(ct);
        var last = await stating.Last(ct);
        if (last is not { IsPeriodic: true }) return Perpetual;
        if (request.Through >= network.Day(db.Now)) return NotOver;
        if (request.Through < last.Through) return Later.With($"Inventory was stated through {last.Through:yyyy-MM-dd}. Name that day, or one after it.");
        if (chart.IsLocked(request.Through)) return Locked;

        var close = await stating.State(request.Through, await stock.WorthByProduct(request.Through, ct), last, isPeriodic: true, ct);
        db.Work.Concerns($"{request.Through:yyyy-MM-dd}");
        db.Work.IsWorth(close.Cost);
        return new Closed(close.Through, close.Value, close.Purchases, close.Cost);
    }

    public Task<Effect> Assess(Request request, Closed answer, CancellationToken ct) => Task.FromResult(new Effect(answer.CostOfGoodsSold, [], $"Goods are stated at {answer.Inventory} through {answer.Through:yyyy-MM-dd}; of {answer.Purchases} bought since, {answer.CostOfGoodsSold} are the cost of goods sold."));
}
