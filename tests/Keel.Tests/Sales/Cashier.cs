using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Simulators;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Keel.Tests.Sales;

/// A shop with a payment gateway beside it, with verbs of money.
internal sealed class Cashier : IAsyncDisposable
{
    private Cashier(Shop shop, PaymentHouse house) => (Shop, House) = (shop, house);

    public Shop Shop { get; }
    public PaymentHouse House { get; }

    public static async Task<Cashier> Open(int validDays = 7, bool capturesOften = true)
    {
        var shop = await Shop.Open();
        var house = await PaymentHouse.Open(shop.Clock, validDays, capturesOften);
        await Sets(shop, house, capturesOften);
        return new Cashier(shop, house);
    }

    public static Task Sets(Shop shop, PaymentHouse house, bool capturesOften = true) => shop.Must<SetPaymentGateway, SetPaymentGateway.Request, Done>(
        new("cards", "Cards", house.Address.ToString(), house.Key, house.Secret, CapturesOften: capturesOften, PatienceSeconds: 2));

    /// An order of mugs that are there; 12.10 each.
    public async Task<CapturedOrder> Orders(int mugs = 1)
    {
        await Shop.Stocks("MUG-BL", mugs);
        return await Shop.Takes(("MUG-BL", mugs));
    }

    /// An order with an authorisation over all of it.
    public async Task<(CapturedOrder Order, Id<PaymentIntent> Intent)> Authorised(int mugs = 1)
    {
        var order = await Orders(mugs);
        return (order, await Authorises(order));
    }

    public async Task<Id<PaymentIntent>> Authorises(CapturedOrder order, string token = "tok_fine", long? cents = null)
    {
        var answer = await Asks(order, token, cents);
        answer.Why.ShouldBeNull();
        await Shop.Delivers();
        return answer.Intent!.Value;
    }

    public async Task<IntentAnswer> Asks(CapturedOrder order, string token = "tok_fine", long? cents = null) =>
        (await Shop.Must<AuthorisePayments, AuthorisePayments.Request, IReadOnlyList<IntentAnswer>>(new([new(order.Id!.Value, "cards", "card", token, cents is { } c ? Euro(c) : default(Money?))])))[0];

    public async Task<string?> Captures(Id<PaymentIntent> intent, long? cents = null)
    {
        var answer = (await Shop.Must<CapturePayments, CapturePayments.Request, IReadOnlyList<IntentAnswer>>(new([new(intent, cents is { } c ? Euro(c) : default(Money?))])))[0];
        await Shop.Delivers();
        return answer.Why;
    }

    /// The customer is sent a link to pay by.
    public async Task<RetryPayments.Answer> Links(CapturedOrder order)
    {
        var answer = (await Shop.Must<SendPaymentLinks, SendPaymentLinks.Request, IReadOnlyList<RetryPayments.Answer>>(new([order.Id!.Value])))[0];
        await Shop.Delivers();
        return answer;
    }

    public async Task<string?> Voids(Id<PaymentIntent> intent)
    {
        var answer = (await Shop.Must<VoidPayments, VoidPayments.Request, IReadOnlyList<IntentAnswer>>(new([intent])))[0];
        await Shop.Delivers();
        return answer.Why;
    }

    public async Task<string?> Refunds(Id<PaymentIntent> intent, long? cents = null)
    {
        var answer = (await Shop.Must<RefundPayments, RefundPayments.Request, IReadOnlyList<IntentAnswer>>(new([new(intent, cents is { } c ? Euro(c) : default(Money?))])))[0];
        await Shop.Delivers();
        return answer.Why;
    }

    /// Words and their signature come to the door of the gateway.
    public async Task<HookAnswer> Hears(string words, string? signature, string gateway = "cards")
    {
        await using var scope = Shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<PaymentHookDesk>().Take(gateway, words, signature);
    }

    public Task<HookAnswer> Hears(SentEvent told) => Hears(told.Body, told.Signature);

    /// The gateway's own name of an intent.
    public Task<string> NameOf(Id<PaymentIntent> intent) => Shop.Text($"select reference from sales.payment_intent where id = '{intent}'");

    /// The round that asks again, and what it asks is answered.
    public async Task Tends(TimeSpan after)
    {
        Shop.Clock.Step(after);
        await Shop.Runs<TendPaymentsJob>();
        await Shop.Delivers();
    }

    /// State, authorised, capturable, captured and refunded, in cents.
    public async Task<string> Stands(Id<PaymentIntent> intent) =>
        await Shop.Text($"select status || ' ' || authorised || ' ' || capturable || ' ' || captured || ' ' || refunded from sales.payment_intent where id = '{intent}'");

    public Task<long> Paid(CapturedOrder order) => Shop.Number($"select paid from sales.orders where id = '{order.Id}'");

    public Task<long> Facts(CapturedOrder order, string kind) => Shop.Number($"select count(*) from sales.payment where order_id = '{order.Id}' and kind = '{kind}'");

    public Task<string> CasesOf(CapturedOrder order) => Shop.Text($"select coalesce(string_agg(kind, ', ' order by kind), '') from kernel.work_case where subject_id = '{order.Id}' and state <> 'Closed'");

    public static Money Euro(long cents) => new(cents, Currency.Eur);

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        await Shop.DisposeAsync();
    }
}
