using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Gives back what was paid too much of an order: first to the gift cards and the store credit that paid, the rest becomes store credit of its customer.
[Operation("sales.refund-to-store-credit", SalesPermissions.Refund, Said = "refunded to cards and store credit", Icon = "undo")]
internal sealed class RefundToStoreCredit(KeelDb db, VoucherBook book, IntentDesk intents, Settings settings) : IOperation<RefundToStoreCredit.Request, RefundToStoreCredit.Answer>, IAssess<RefundToStoreCredit.Request, RefundToStoreCredit.Answer>
{
    public sealed record Request(Id<Order> Order, [Positive] Money Amount, [Required, MinLength(3), MaxLength(200)] string Reason);

    public sealed record Answer(string Order, Money ToCards, Money ToCredit);

    public static readonly Error TooMuch = Error.Invalid("voucher.refund-too-much", "Less than that was paid too much. Credit or cancel what the customer does not get first.");
    public static readonly Error Marketplace = Error.Invalid("voucher.marketplace", "A marketplace gives its customers their money back itself.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var (orders, _) = db.LockOrders([request.Order]);
        var credited = db.Ask<long>($"select coalesce(sum(gross), 0)::bigint from sales.invoice where company_id = {db.Company} and order_id = {request.Order} and is_credit");
        await db.Flush(ct);
        if (orders.Value is not [var order]) return RedeemVoucher.NoOrder;
        var network = await Network.Of(settings, ct);
        if (network.Channels[order.Channel].IsMarketplace) return Marketplace;
        if (request.Amount.Currency != order.Currency || order.Currency != network.Company.Currency) return VoucherBook.OtherCurrency;
        var over = (await intents.Behind([order.Id.Value], ct))[order.Id].Kept - VoucherBook.DueOf(order, new Money(credited.Value[0], order.Currency));
        if (request.Amount > over) return TooMuch.With($"{(over.IsNegative ? Money.Zero(order.Currency) : over)} was paid too much on {order.Number}. Credit or cancel what the customer does not get first.");

        var gave = await book.Paid([order.Id.Value], ct);
        var (after, left) = await book.Back(order, gave[order.Id.Value], request.Amount, request.Reason, ct);
        if (left.Minor > 0) after = await book.Return(await book.CreditFor(order.CustomerId, order.Currency, ct), after, left, request.Reason, ct);
        db.Work.IsWorth(request.Amount);
        db.Orders.Update([after], nameof(Order.Paid));
        return new Answer(order.Number, request.Amount - left, left);
    }

    public Task<Effect> Assess(Request request, Answer answer, CancellationToken ct) =>
        Task.FromResult(new Effect(request.Amount, [new DocumentVersion(new DocumentRef("order", request.Order.Value, answer.Order), 0)], $"Refunds {request.Amount} of {answer.Order} to cards and store credit: {request.Reason}"));
}

/// Gives a customer store credit as goodwill, or takes some that was given wrongly.
[Operation("sales.correct-store-credit", SalesPermissions.Vouchers, Said = "changed a customer's store credit", Icon = "edit")]
internal sealed class CorrectStoreCredit(KeelDb db, VoucherBook book, PartnersDesk partners, Settings settings) : IOperation<CorrectStoreCredit.Request, CorrectStoreCredit.Answer>, IAssess<CorrectStoreCredit.Request, CorrectStoreCredit.Answer>
{
    public sealed record Request([Required, MaxLength(30)] string Customer, [Positive] Money Amount, [Required, MinLength(3), MaxLength(200)] string Reason, bool Takes = false);

    public sealed record Answer(Id<Voucher> Id, string Number, Money Balance);

    public static readonly Error NoCustomer = Error.Invalid("voucher.customer-unknown", "There is no customer with this number. Create the customer first.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        if (request.Amount.Currency != (await Network.Of(settings, ct)).Company.Currency) return VoucherBook.OtherCurrency;
        var asked = partners.AskCustomers([request.Customer]);
        await db.Flush(ct);
        if (!asked.Value.TryGetValue(request.Customer, out var customer)) return NoCustomer.With($"There is no customer {request.Customer}. Create the customer first.");
        var credit = await book.CreditFor(customer.Id.Value, request.Amount.Currency, ct);
        if (request.Takes && request.Amount > credit.Balance) return RedeemVoucher.TooLittle.With($"{credit.Number} has {credit.Balance}: no more can be taken.");
        var amount = request.Takes ? -request.Amount : request.Amount;
        await book.Write(credit, request.Takes ? VoucherStep.Corrected : VoucherStep.Given, amount, request.Reason, ct);
        db.Work.IsWorth(request.Amount);
        return new Answer(credit.Id, credit.Number, credit.Balance + amount);
    }

    public Task<Effect> Assess(Request request, Answer answer, CancellationToken ct) =>
        Task.FromResult(new Effect(request.Amount, [new DocumentVersion(new DocumentRef(Voucher.RecordKind, answer.Id.Value, answer.Number), 0)], request.Takes ? $"Takes {request.Amount} of the store credit of {request.Customer}: {request.Reason}" : $"Gives {request.Customer} {request.Amount} as store credit: {request.Reason}"));
}
