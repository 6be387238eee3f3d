using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Pays an order, or part of it, with a gift card, or without a code with the customer's own store credit.
[Operation("sales.redeem-voucher", SalesPermissions.Payments, Secret = true, Said = "redeemed a gift card or store credit", Icon = "money")]
internal sealed class RedeemVoucher(KeelDb db, VoucherBook book, PromisingPaid reserving, Settings settings) : IOperation<RedeemVoucher.Request, RedeemVoucher.Answer>
{
    /// Without an amount as much as is open and the balance has.
    public sealed record Request(Id<Order> Order, [MaxLength(60)] string? Code = null, [Positive] Money? Amount = null);

    public sealed record Answer(string Number, Money Paid, Money Left);

    public static readonly Error NoOrder = Error.NotFound("order.unknown", "There is no such order.");
    public static readonly Error Marketplace = new("voucher.marketplace-order", "A marketplace takes its customers' money itself: its orders are not paid with cards.");
    public static readonly Error NoCredit = new("voucher.no-credit", "The customer of this order has no store credit. Enter the code of a gift card.");
    public static readonly Error Blocked = new("voucher.blocked", "This card is blocked. Ask for the card that replaced it.");
    public static readonly Error Expired = new("voucher.expired", "The day until which this could be spent has passed.");
    public static readonly Error TooLittle = Error.Invalid("voucher.too-little", "There is less on it than that. Pay the rest in another way.");
    public static readonly Error Enough = Error.Invalid("voucher.nothing-open", "Less than that is open on this order. Enter at most what is open.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var (orders, lines) = db.LockOrders([request.Order]);
        var credited = db.Ask<long>($"select coalesce(sum(gross), 0)::bigint from sales.invoice where company_id = {db.Company} and order_id = {request.Order} and is_credit");
        await db.Flush(ct);
        if (orders.Value is not [var order]) return NoOrder;
        var network = await Network.Of(settings, ct);
        if (network.Channels[order.Channel].IsMarketplace) return Marketplace;
        Voucher voucher;
        if (request.Code is { } code && !string.IsNullOrWhiteSpace(code))
        {
            var found = await book.ByCode(code, ct);
            if (!found.Ok) return found.Error!;
            voucher = found.Value;
        }
        else if (await book.CreditOf(order.CustomerId, order.Currency, ct) is { } own) voucher = own;
        else return NoCredit;

        var today = network.Day(db.Now);
        if (voucher.BlockedAt is not null) return Blocked;
        if (voucher.ExpiresOn < today) return Expired.With($"{voucher.Number} could be spent until {voucher.ExpiresOn:yyyy-MM-dd}.");
        if (voucher.Currency != order.Currency || (request.Amount is { } asked && asked.Currency != order.Currency)) return VoucherBook.OtherCurrency.With($"{voucher.Number} is in {voucher.Currency}, the order in {order.Currency}.");
        var open = VoucherBook.DueOf(order, new Money(credited.Value[0], order.Currency)) - order.Paid;
        var amount = request.Amount ?? (open < voucher.Balance ? open : voucher.Balance);
        if (amount > open || open.Minor <= 0) return Enough.With(open.Minor <= 0 ? $"Nothing is open on {order.Number}." : $"Only {open} is open on {order.Number}. Enter at most that.");
        if (amount > voucher.Balance || amount.Minor <= 0) return TooLittle.With($"{voucher.Number} has {voucher.Balance}. Pay the rest in another way.");

        db.Work.IsWorth(amount);
        order = await book.Redeem(voucher, order, amount, ct);
        db.Orders.Update([order], nameof(Order.Paid));
        await reserving.Reserve([order], lines.Value.ToLookup(l => l.OrderId), ct);
        return new Answer(voucher.Number, amount, voucher.Balance - amount);
    }
}

/// Finds a card by its code, for somebody who has it.
[Operation("sales.look-up-gift-card", SalesPermissions.Payments, Secret = true, Said = "looked up a gift card", Icon = "search")]
internal sealed class LookUpGiftCard(VoucherBook book) : IOperation<LookUpGiftCard.Request, LookUpGiftCard.Answer>
{
    public sealed record Request([Required, MaxLength(60)] string Code);

    public sealed record Answer(Id<Voucher> Id, string Number, Money Balance, DateOnly? ExpiresOn, bool Blocked);

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var found = await book.ByCode(request.Code, ct);
        return found.Ok ? new Answer(found.Value.Id, found.Value.Number, found.Value.Balance, found.Value.ExpiresOn, found.Value.BlockedAt is not null) : found.Error!;
    }
}
