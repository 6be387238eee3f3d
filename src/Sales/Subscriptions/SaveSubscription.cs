using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Sales;

/// Agrees with a customer on what comes again and again, or changes it from the next order on. Lines without a price have that of the customer's list on the day of each order; a price
/// below it is a concession, and waits for a yes where a policy wants one.
[Operation("sales.save-subscription", SalesPermissions.Capture, Said = "agreed on {subscription|a subscription}", Icon = "undo")]
internal sealed class SaveSubscription(KeelDb db, Quoting quoting, PartnersDesk partners, Settings settings) : IOperation<SaveSubscription.Request, SaveSubscription.Answer>, IAssess<SaveSubscription.Request, SaveSubscription.Answer>
{
    /// The first order comes on `NextOn`. Without an address the customer's own holds on the day of each order.
    public sealed record Request(
        ChannelCode Channel, [Required, MaxLength(30)] string Customer, [Required, MinLength(1), MaxLength(200)] IReadOnlyList<Item> Lines, DateOnly NextOn, [Range(1, 52)] int Every, SubscriptionPeriod Period,
        DateOnly? EndsOn = null, PostalAddress? ShipTo = null, [MaxLength(60)] string? PurchaseOrder = null, Id<Subscription>? Subscription = null);

    public sealed record Item(Sku Sku, [Positive] Quantity Quantity, UnitPrice? Price = null);

    public sealed record Answer(Id<Subscription> Id, string Number, DateOnly NextOn);

    public static readonly Error None = Error.NotFound("subscription.unknown", "There is no such subscription.");
    public static readonly Error Over = new("subscription.over", "It has ended. Make a new one.");
    public static readonly Error Past = Error.Invalid("subscription.in-the-past", "Its next order comes today at the earliest. Name a later day.");
    public static readonly Error EndsBefore = Error.Invalid("subscription.ends-before", "It would end before its next order. Name a later end, or none.");

    private Quoting.Priced? priced;

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Channels.TryGetValue(request.Channel, out var channel)) return Drafting.NoChannel.With($"There is no channel {request.Channel}. Create the channel first.");
        if (channel.IsMarketplace) return SaveQuote.ForMarketplace;
        var today = network.Day(db.Now);
        if (request.NextOn < today) return Past;
        if (request.EndsOn < request.NextOn) return EndsBefore;
        var asked = partners.AskCustomers([request.Customer]);
        await db.Flush(ct);
        if (!asked.Value.TryGetValue(request.Customer, out var customer)) return SaveQuote.NoCustomer.With($"There is no customer {request.Customer}. Create the customer first.");
        var found = await quoting.Price(new SaveQuote.Request(request.Channel, request.Customer, [.. request.Lines.Select(l => new SaveQuote.Item(l.Sku, l.Quantity, l.Price))]), customer, network, ct);
        if (!found.Ok) return found.Error!;
        priced = found.Value;
        var old = request.Subscription is { } id ? (await db.LockSubscriptions($"id = {id}", ct)).FirstOrDefault() : null;
        if (request.Subscription is not null && old is null) return None;
        if (old is { IsOver: true }) return Over.With($"{old.Number} has ended. Make a new one.");

        var subscription = new Subscription(
            old?.Id ?? db.NewId<Subscription>(), db.Company, old?.Number ?? await db.Numbers.Take(db.Company, "SB", today.Year, ct), request.Channel, old?.CustomerId ?? customer.Id.Value, request.ShipTo, request.Every, request.Period,
            request.NextOn.Day, request.NextOn, request.EndsOn, old?.Status ?? SubscriptionStatus.Active, old?.Why, NoteOrder.Text(request.PurchaseOrder), old?.Orders ?? 0, old?.Owner ?? db.Work.Actor.Name, old?.CreatedAt ?? db.Now,
            (old?.Version ?? 0) + 1, db.Work.Operation);
        if (old is not null && old.CustomerId != customer.Id.Value) return SaveQuote.NoCustomer.With($"{old.Number} is another customer's. Make a new one for {request.Customer}.");
        db.Work.Concerns(subscription.Number);
        db.Work.IsWorth(priced.Draft.Taxed.Gross);
        if (old is null) db.Table<Subscription>().Insert([subscription]);
        else
        {
            db.Follow([subscription]);
            db.Queue($"delete from sales.subscription_line where subscription_id = {subscription.Id}");
        }

        db.Table<SubscriptionLine>().Insert([.. request.Lines.Select((l, i) => new SubscriptionLine(subscription.Id, i + 1, db.Company, l.Sku, l.Quantity, l.Price, channel.Currency))]);
        return new Answer(subscription.Id, subscription.Number, subscription.NextOn);
    }

    /// Out of the ordinary is `below-list`: what is left to the customer with each order.
    public Task<Effect> Assess(Request request, Answer answer, CancellationToken ct)
    {
        var left = priced!.Left;
        return Task.FromResult(left.Minor <= 0 ? Effect.Nothing : new Effect(left, [], $"Agrees on {answer.Number}, each order {left} less than the lists say.") { Channel = request.Channel, Exceptions = ["below-list"] });
    }
}
