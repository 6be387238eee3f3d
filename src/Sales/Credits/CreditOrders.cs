using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Credits what was invoiced: goods that came back, or a promise that was not kept. Each credit is one credit note; goods that come back
/// do so at the cost at which they had left.
[Operation("sales.credit-orders", SalesPermissions.Credit, Said = "credited {orders|it}", Icon = "returns")]
internal sealed class CreditOrders(KeelDb db, Crediting crediting) : IOperation<CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>, IAssessEach<CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Credit> Credits, DateTimeOffset? HappenedAt = null);

    /// One credit note. `Reference` is the asker's own word for it: asked twice, it is booked once. Goods come back to `Location`, or to
    /// the returns bench of the node that they left.
    public sealed record Credit(
        Id<Order> Order, [Required, MinLength(1), MaxLength(1200)] IReadOnlyList<Part> Lines, [Required, MinLength(3), MaxLength(200)] string Reason,
        [MaxLength(60)] string? Reference = null, LocationCode? Location = null);

    /// So many units of an order line. `GoodsBack` says whether they are here again, or the customer keeps them.
    public sealed record Part(int Line, [Positive] Quantity Quantity, bool GoodsBack = true);

    public sealed record Answer(Id<Order> Order, string? Number, Guid? CreditNote, Money? Gross, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        db.Work.HappenedAt = request.HappenedAt;
        return await crediting.Credit(request.Credits, ct);
    }

    /// About an order somebody decides as a whole, however many credit notes it gets.
    public IReadOnlyList<Request> Parts(Request request) => [.. request.Credits.GroupBy(c => c.Order).Select(g => request with { Credits = [.. g] })];

    public Request Only(Request request, IReadOnlyList<Request> parts) => request with { Credits = [.. parts.SelectMany(p => p.Credits)] };

    public IReadOnlyList<Answer> AnswerOf(IReadOnlyList<Answer> answer, Request part) => [.. answer.Where(a => a.Order == part.Credits[0].Order)];

    public IReadOnlyList<Answer> With(IReadOnlyList<Answer>? answer, IReadOnlyList<(Request Part, string Waits)> waiting) =>
        [.. answer ?? [], .. waiting.SelectMany(w => w.Part.Credits.Select(c => new Answer(c.Order, null, null, null, w.Waits)))];

    /// Out of the ordinary is `goods-kept`: money goes back and the goods do not come.
    public async Task<Effect> Assess(Request request, IReadOnlyList<Answer> answer, CancellationToken ct)
    {
        var given = answer.Where(a => a.Gross is not null).ToArray();
        if (given.Length == 0) return Effect.Nothing;
        var total = given.Select(a => a.Gross!.Value.Currency).Distinct().Count() > 1
            ? (Money?)null : given.Aggregate(Money.Zero(given[0].Gross!.Value.Currency), (sum, a) => sum + a.Gross!.Value);
        var orders = given.Length == 1 ? given[0].Number : $"{given.Length} orders";
        var channels = await db.Query<ChannelCode>($"select distinct channel from sales.orders where company_id = {db.Company} and id = any({given.Select(a => a.Order.Value)}) order by channel", ct);
        return new Effect(total, [.. given.Select(a => new DocumentVersion(new DocumentRef("order", a.Order.Value, a.Number!), 0))], $"Credits {orders} with {total}: {request.Credits[0].Reason}")
        {
            Channel = channels.Count == 1 ? channels[0] : (ChannelCode?)null,
            Exceptions = request.Credits.Any(c => c.Lines.Any(l => !l.GoodsBack)) ? ["goods-kept"] : [],
        };
    }
}
