using Keel.Kernel;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Simulators.Contract;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Simulators;

/// Harbour Home's life, day by day, up to now. Every decision is drawn from the seed and from what stands in the books, so a life that was
/// interrupted goes on where it stood.
internal sealed class HarbourLife
{
    private readonly Clerk clerk;
    private readonly Shoppers shoppers;
    private readonly Supply supply;
    private readonly Floor floor;
    private readonly Aftercare aftercare;
    private readonly Till till;
    private readonly Inbox inbox;
    private readonly Masters masters;
    private readonly Pantry pantry;
    private readonly int days;
    private readonly HouseRules rules;
    private readonly int rulesFrom;
    private readonly int announcedOn;
    private readonly NpgsqlDataSource source;
    private readonly Assortment assortment;
    private DateTimeOffset capturedUntil;

    public HarbourLife(IServiceProvider services, Clerk clerk, HarbourScale scale, Assortment assortment, TimeZoneInfo zone)
    {
        (this.clerk, this.assortment) = (clerk, assortment);
        shoppers = new Shoppers(scale, assortment, zone);
        supply = new Supply(clerk, scale, assortment);
        floor = new Floor(clerk, scale);
        aftercare = new Aftercare(clerk, scale, assortment);
        till = new Till(clerk, scale);
        inbox = new Inbox(clerk, scale);
        masters = new Masters(clerk, assortment);
        (pantry, days) = (new Pantry(clerk), scale.Days);
        rules = new HouseRules(services, clerk);
        rulesFrom = Math.Max(1, scale.Days - 20);
        announcedOn = scale.Days - 4;
        source = services.GetRequiredService<NpgsqlDataSource>();
    }

    /// Shelves are filled before the first customer comes.
    public async Task Open(DateOnly eve, CancellationToken ct)
    {
        await supply.Open(shoppers.Instant(eve, TimeSpan.FromHours(9)), ct);
        await supply.PutAway(shoppers.Instant(eve, TimeSpan.FromHours(15)), ct);
        await clerk.Delivers(shoppers.Instant(eve, TimeSpan.FromHours(16)), ct);
        await pantry.Open(shoppers.Instant(eve, TimeSpan.FromHours(16.5)), eve.AddDays(days + 1), ct);
        await masters.Found(shoppers.Instant(eve, TimeSpan.FromHours(17)), ct);
        await Analyze(ct);
    }

    /// One day from the first delivery to the last order; on the last day only what lies before `until`.
    public async Task Live(DateOnly day, int dayOfLife, DateTimeOffset until, CancellationToken ct)
    {
        var orders = shoppers.OrdersOf(day, dayOfLife);
        var works = day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
        capturedUntil = shoppers.Instant(day, TimeSpan.Zero);
        // What a step begins it also ends: it is not begun where it would end after now.
        const double Wave = 2, Counting = 3;
        (double Hour, Func<DateTimeOffset, Task> Work, double Lasts)[] plan =
        [
            (6.0, at => day.DayNumber % 3 == 0 ? masters.Look(at, ct) : Task.CompletedTask, 0),
            (7.0, at => dayOfLife >= rulesFrom ? rules.Make(at, ct) : Task.CompletedTask, 0),
            (7.5, at => inbox.Tend(at, ct), 0),
            (8.25, at => supply.Deliver(day, at, ct), 0),
            (8.6, at => works ? floor.ReceiveSent(at, ct) : Task.CompletedTask, 0),
            (8.7, at => dayOfLife == announcedOn ? supply.Announce(at, 2, 1, ct) : Task.CompletedTask, 0),
            (9.0, at => supply.PutAway(at, ct), 0),
            (9.03, at => works && day.DayOfWeek is DayOfWeek.Monday or DayOfWeek.Thursday ? floor.Replenish(at, ct) : Task.CompletedTask, 0),
            (9.1, at => clerk.Delivers(at, ct), 0),
            (9.4, at => aftercare.SettleHolds(at, ct), 0),
            (9.6, at => works ? inbox.Triage(day, at, ct) : Task.CompletedTask, 0),
            (10.5, at => Capture(orders, at, ct), 0),
            (10.6, at => rules.Follow(at, ct), 0),
            (11.0, at => works ? floor.Wave(at, ct) : Task.CompletedTask, Wave),
            (13.5, at => works ? aftercare.TakeReturns(day, at, ct) : Task.CompletedTask, 0),
            (14.0, at => works ? aftercare.Inspect(at, ct) : Task.CompletedTask, 0),
            (11.9, at => works && dayOfLife >= rulesFrom ? floor.CountByPlan(at, until - at < TimeSpan.FromHours(30), ct) : Task.CompletedTask, Counting),
            (12.8, at => works ? inbox.Triage(day, at, ct) : Task.CompletedTask, 0),
            (13.0, at => works ? aftercare.SettleSome(at, ct) : Task.CompletedTask, 0),
            (14.05, at => inbox.Tend(at, ct), 0),
            (14.1, at => clerk.Delivers(at, ct), 0),
            (15.0, at => Capture(orders, at, ct), 0),
            (15.05, at => rules.Follow(at, ct), 0),
            (15.1, at => works ? floor.Wave(at, ct) : Task.CompletedTask, Wave),
            (16.8, at => works ? inbox.Triage(day, at, ct) : Task.CompletedTask, 0),
            (16.85, at => works ? aftercare.SettleSome(at, ct) : Task.CompletedTask, 0),
            (16.9, at => day.DayOfWeek is DayOfWeek.Sunday ? Task.CompletedTask : floor.Arrive(at, ct), 0),
            (17.1, at => till.Settle(day, at, ct), 0),
            (17.3, at => day.DayOfWeek is DayOfWeek.Wednesday ? floor.Count(at, 40, ct) : Task.CompletedTask, 0),
            (17.5, at => aftercare.Cancel(at, ct), 0),
            (17.6, at => clerk.Delivers(at, ct), 0),
            (23.9, at => Capture(orders, at, ct), 0),
            (23.92, at => rules.Follow(at, ct), 0),
            (23.95, at => Number(at, ct), 0),
            (23.97, at => Measure(at, ct), 0),
        ];
        foreach (var (hour, work, lasts) in plan)
        {
            var at = shoppers.Instant(day, TimeSpan.FromHours(hour));
            if (at.AddHours(lasts) < until) await work(at);
        }

        if (dayOfLife is 1 or 4 or 12 or 30) await Analyze(ct);
    }

    /// The hour before now: orders in every state and a few things for a person to look at, whatever the clock says.
    public async Task Close(DateOnly today, int dayOfLife, DateTimeOffset now, CancellationToken ct)
    {
        await Capture(shoppers.OrdersOf(today, dayOfLife), now.AddMinutes(-58), ct);
        var late = shoppers.OrdersOf(today.AddDays(1), dayOfLife).Take(40).Select((o, i) => o with { Number = "L-" + o.Number, PlacedAt = now.AddMinutes(-57 + i / 2) }).ToArray();
        await Capture([.. late.Take(30)], now.AddMinutes(-42), ct);
        await floor.Scene(now.AddMinutes(-40), ct);
        await floor.AskForMore(now.AddMinutes(-13), ct);
        await Capture([.. late.Skip(30), .. Odd(late, now)], now.AddMinutes(-12), ct);
        await rules.Follow(now.AddMinutes(-11), ct);
        await aftercare.HoldOne(now.AddMinutes(-10), ct);
        await floor.CountShort(now.AddMinutes(-8), ct);
        await floor.WriteOff(now.AddMinutes(-7.5), ct);
        await supply.Announce(now.AddMinutes(-7), 14, 4, ct);
        await supply.Ring(now.AddMinutes(-7), ct);
        await clerk.Delivers(now.AddMinutes(-7), ct);
        NewOrder[] known = [.. late.Where(o => o.Channel.Text == "webshop" && o.Customer?.Address is not null)];
        await pantry.Scene(now.AddMinutes(-6), known, ct);
        await new Guests(clerk).Scene(now.AddMinutes(-5.8), known, ct);
        await new Wholesale(clerk, assortment).Scene(now.AddMinutes(-5.6), ct);
        await pantry.Worth(now.AddMinutes(-5), ct);
        await clerk.Delivers(now.AddMinutes(-5.5), ct);
        await inbox.Scene(now.AddMinutes(-5), ct);
        await GiftSet.Season(clerk, now.AddMinutes(-4).AddSeconds(-30), assortment, ct);
        await Stowage.Scene(clerk, now.AddMinutes(-4).AddSeconds(-10), assortment, ct);
        await masters.Scene(now.AddMinutes(-4), ct);
        await Correspondence.Scene(clerk, now.AddMinutes(-4), ct);
        await GiftCards.Scene(clerk, now.AddMinutes(-3).AddSeconds(-30), ct);
        await HoldCarts(now.AddMinutes(-2), ct);
        await Number(now.AddMinutes(-1), ct);
        await Measure(now.AddSeconds(-30), ct);
        await Analyze(ct);
    }

    private async Task Capture(IReadOnlyList<NewOrder> orders, DateTimeOffset at, CancellationToken ct)
    {
        var since = orders.Any(o => o.Number.StartsWith("L-", StringComparison.Ordinal)) ? DateTimeOffset.MinValue : capturedUntil;
        foreach (var channel in orders.Where(o => o.PlacedAt > since && o.PlacedAt <= at).GroupBy(o => o.Channel))
        {
            await clerk.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(
                new([.. channel]), clerk.At(at) with { Actor = Staff.Channel(channel.Key), Door = Door.Channel }, ct);
        }

        if (since != DateTimeOffset.MinValue) capturedUntil = at;
    }

    /// One of each kind of doubt that a marketplace or a customer can cause.
    private IEnumerable<NewOrder> Odd(NewOrder[] late, DateTimeOffset now)
    {
        var market = late.First(o => o.Channel.Text == "bazaar");
        yield return market with { Number = "L-BZ-ODD-1", Lines = [market.Lines[0] with { Sku = "OLD-4711" }], Total = null, PlacedAt = now.AddMinutes(-20) };
        yield return market with { Number = "L-BZ-ODD-2", Total = market.Total!.Value + Money.Of(1, Currency.Eur), PlacedAt = now.AddMinutes(-19) };
        var web = late.First(o => o.Channel.Text == "webshop");
        yield return web with { Number = "L-HH-ODD-3", Customer = web.Customer! with { Address = null }, Payments = null, PlacedAt = now.AddMinutes(-18) };
    }

    private async Task HoldCarts(DateTimeOffset at, CancellationToken ct)
    {
        for (var i = 0; i < 3; i++)
        {
            var article = assortment.Sold.OrderByDescending(a => a.Liking).ElementAt(i * 3);
            await clerk.Tries<HoldStock, HoldStock.Request, HoldStock.Answer>(new(Guid.CreateVersion7(at), "MAIN", article.Sku, 1, 60, "webshop"), clerk.At(at) with { Actor = Staff.Channel("webshop"), Door = Door.Channel }, ct);
        }
    }

    private Task<int> Number(DateTimeOffset at, CancellationToken ct) => clerk.Does<NumberInvoices, NumberInvoices.Request, int>(new(), clerk.At(at), ct);

    /// What every figure stands at when the day ends: trends of the demo are its own days.
    private Task<int> Measure(DateTimeOffset at, CancellationToken ct) => clerk.Does<TakeMeasures, TakeMeasures.Request, int>(new(), clerk.At(at), ct);

    private async Task Analyze(CancellationToken ct)
    {
        await using var command = source.CreateCommand("analyze");
        await command.ExecuteNonQueryAsync(ct);
    }
}
