using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Ui.Gallery;

/// Five thousand made-up orders, out of nothing but numbers.
[View("gallery.orders", "", Sort = "ship-by")]
internal sealed class GalleryOrders : IView<GalleryOrders.Row>
{
    public sealed record Row
    {
        [Key] public required int Serial { get; init; }
        [Search, Title("Order")] public required string Number { get; init; }
        [Search, Personal] public string Customer { get; init; } = "";
        public required string Town { get; init; }
        public required string Channel { get; init; }
        public required GalleryState State { get; init; }
        [Title("Promised ship")] public DateTimeOffset? ShipBy { get; init; }
        [Title("Ships from")] public required string Node { get; init; }
        public required Quantity Units { get; init; }
        public required Money Total { get; init; }
        [Cost] public Money? Cost { get; init; }
        public required Currency Currency { get; init; }
        public required string Next { get; init; }
        public string? Owner { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select n as serial, 'SO-' || (104800 + n) as number,
               (array['Bram Koster','Aline Fourier','Café Nord group','Dries Vaes','Sanne Huis','Oskar Brandt','Elin Vester',
                      'Hotel Marin'])[1 + n % 8] as customer,
               (array['Zwolle','Lille','Utrecht','Antwerp','Breda','Cologne','Haarlem','Zandvoort'])[1 + n % 8] as town,
               (array['Mercato','Bazaar','B2B','Own shop'])[1 + n % 4] as channel,
               (array['Late','Waiting','Held','Ready','Ready','Picking','Packed','Ready','Cancelled'])[1 + n * 7 % 9] as state,
               timestamptz '2026-11-20 15:00Z' + (n / 4 - 6) * interval '47 minutes' as ship_by,
               (array['Main','Main','Overflow','Main, Overflow'])[1 + n % 4] as node,
               (1 + n * 13 % 17) * 1000::bigint as units, (1990 + n * 7919 % 50000)::bigint as total,
               (1200 + n * 7919 % 30000)::bigint as cost, 'EUR' as currency,
               (array['Recount bin C-11-4, 1 short','Label refused: house number','24 units on TR-318, due 14:10',
                      'Payment review, 2 h 10 open','Next wave 13:50','Wave W-0412'])[1 + n % 6] as next,
               (array[null,'Ines Marlow','Joris Tam','Nadia Orr',null,'Tomas Vey'])[1 + n % 6] as owner
        from generate_series(1, {5_000}) n
        """;
}

/// The states of the made-up orders: one for each role.
internal enum GalleryState
{
    [Shown(StateRole.Late, "Late, picking")] Late,
    [Shown(StateRole.Waiting, "Waiting for stock")] Waiting,
    [Shown(StateRole.Held, "On hold")] Held,
    [Shown(StateRole.Ready, "Ready to pick")] Ready,
    [Shown(StateRole.Working, "Picking")] Picking,
    [Shown(StateRole.Done, "Packed")] Packed,
    [Shown(StateRole.Idle)] Cancelled,
}

/// An operation that the gallery's forms pretend to ask for.
[Operation("gallery.adjust", "", Said = "adjusted a sample")]
internal sealed class GalleryAdjust : IOperation<GalleryAdjust.Request, Done>
{
    public sealed record Request(
        LocationCode Location, Sku Sku,
        [property: Display(Description = "What is there now, in stock units; nothing is subtracted from anything.")] Quantity Counted,
        Why Reason,
        Money? Worth, DateOnly Day, bool Recount, [property: DataType(DataType.MultilineText)] string? Note, IReadOnlyList<Line> Lines);

    public sealed record Line(Sku Sku, Quantity Quantity, UnitPrice? Price);

    public enum Why
    {
        Counted,
        Damaged,
        Found,
    }

    public Task<Result<Done>> Run(Request request, CancellationToken ct) => Task.FromResult<Result<Done>>(Done.It);
}

/// An operation over selected rows.
[Operation("gallery.release", "", Said = "released a sample")]
internal sealed class GalleryRelease : IOperation<GalleryRelease.Request, Done>
{
    public sealed record Request(IReadOnlyList<int> Orders);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) => Task.FromResult<Result<Done>>(Done.It);
}
