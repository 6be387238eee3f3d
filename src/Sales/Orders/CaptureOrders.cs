using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Takes orders of any channel in: each becomes an order, or says why not. The same order delivered twice is one order.
[Operation("sales.capture-orders", SalesPermissions.Capture, Said = "took {orders|the order} in", Icon = "orders")]
internal sealed class CaptureOrders(Capturing capturing, Conceding conceding, Settings settings)
    : IOperation<CaptureOrders.Request, IReadOnlyList<CapturedOrder>>, IAssessEach<CaptureOrders.Request, IReadOnlyList<CapturedOrder>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<NewOrder> Orders);

    public static readonly Error OneByOne = Error.Invalid("order.refuse-short-one-by-one", "Orders that are not to wait for stock are placed one by one: use sales.place-order.");

    public async Task<Result<IReadOnlyList<CapturedOrder>>> Run(Request request, CancellationToken ct)
    {
        var asking = request.Orders.Where(o => o.IfShort is IfShort.Refuse).ToArray();
        if (asking.Length > 0 && await Network.Of(settings, ct) is var network && asking.Any(o => o.MayBeRefused(network))) return OneByOne;
        return Result.Of(await capturing.Capture(request.Orders, ct));
    }

    public IReadOnlyList<Request> Parts(Request request) => [.. request.Orders.Select(o => new Request([o]))];

    public Request Only(Request request, IReadOnlyList<Request> parts) => new([.. parts.SelectMany(p => p.Orders)]);

    public IReadOnlyList<CapturedOrder> AnswerOf(IReadOnlyList<CapturedOrder> answer, Request part) => [.. answer.Where(a => a.ChannelNumber == part.Orders[0].Number).Take(1)];

    public IReadOnlyList<CapturedOrder> With(IReadOnlyList<CapturedOrder>? answer, IReadOnlyList<(Request Part, string Waits)> waiting) =>
        [.. answer ?? [], .. waiting.Select(w => CapturedOrder.Later(w.Part.Orders[0].Number, w.Waits))];

    public Task<Effect> Assess(Request request, IReadOnlyList<CapturedOrder> answer, CancellationToken ct) => conceding.Of(request.Orders[0], ct);
}

/// Takes one order in. What is wrong with it is refused as a whole.
[Operation("sales.place-order", SalesPermissions.Capture, Said = "placed {orders|the order}", Icon = "orders")]
internal sealed class PlaceOrder(Capturing capturing, Conceding conceding, Settings settings) : IOperation<NewOrder, CapturedOrder>, IContended<NewOrder>, IAssess<NewOrder, CapturedOrder>
{
    public static readonly Error Short = new("order.short", "Not everything is available, and the order was not to wait. Nothing was taken.");

    public IEnumerable<string> KeysOf(NewOrder request) => request.Lines.Where(l => l.Sku is not null).Select(l => l.Sku!.Value.Text);

    public async Task<Result<CapturedOrder>> Run(NewOrder request, CancellationToken ct)
    {
        var captured = (await capturing.Capture([request], ct))[0];
        if (captured.Refused is { } refused) return refused;
        if (captured.Short.Count == 0 || captured.Duplicate || request.IfShort is not IfShort.Refuse) return captured;
        if (!request.MayBeRefused(await Network.Of(settings, ct))) return captured;
        return captured.Short.FirstOrDefault(s => s.Kept is not null) is { } kept ? Short.With($"Not everything may be sold here: of {kept.Sku}, {kept.Kept}. The order was not to wait, so nothing was taken.") : Short;
    }

    public Task<Effect> Assess(NewOrder request, CapturedOrder answer, CancellationToken ct) => conceding.Of(request, ct);
}
