using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Sells a gift card against money: what was paid is owed to whoever holds the card, and taxed when it is spent. The code is said once.
[Operation("sales.issue-gift-card", SalesPermissions.Vouchers, Secret = true, Said = "sold a gift card", Icon = "money")]
internal sealed class IssueGiftCard(KeelDb db, VoucherBook book, Policies policies, Settings settings) : IOperation<IssueGiftCard.Request, IssueGiftCard.Answer>
{
    /// How the money came, and the gateway's or bank's own word for it.
    public sealed record Request([Positive] Money Amount, [Required, MaxLength(40)] string Method, [Required, MaxLength(100), NoCardNumber] string Reference, DateOnly? ExpiresOn = null);

    public sealed record Answer(Id<Voucher> Id, string Number, string Code) : ISaidOnce
    {
        string ISaidOnce.Lead => "Write the code on the card now: it is kept nowhere and is not shown again.";
        IReadOnlyList<string> ISaidOnce.Secrets => [Code];
        string ISaidOnce.Hint => "Whoever has the code can spend the card.";
    }

    public static readonly Error Past = Error.Invalid("voucher.expired-already", "The card would be expired already. Name a later day, or none.");
    public static readonly Error NoMoney = Error.Invalid("voucher.paid-by-voucher", "A gift card is paid for with money. Name cash, bank or card.");
    public static readonly Error Booked = new("voucher.booked", "A gift card was issued for this payment before.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (request.Amount.Currency != network.Company.Currency) return VoucherBook.OtherCurrency;
        if (Voucher.Is(request.Method)) return NoMoney;
        var today = network.Day(db.Now);
        if (request.ExpiresOn < today) return Past;
        var (method, reference) = (request.Method.Trim().ToLowerInvariant(), request.Reference.Trim());
        if ((await db.Query<bool>($"select exists (select from sales.voucher_entry where company_id = {db.Company} and kind = 'Issued' and method = {method} and reason = {reference})", ct))[0]) return Booked;
        var months = (await policies.Of<GiftCardRules>(ct)).Choice.ValidMonths;
        var expires = request.ExpiresOn ?? (months == 0 ? default(DateOnly?) : today.AddMonths(months));
        var code = CardCode.Draw();
        var card = await book.Open(VoucherKind.GiftCard, code, null, request.Amount.Currency, expires, ct);
        await book.Write(card, VoucherStep.Issued, request.Amount, reference, ct, method: method);
        db.Work.IsWorth(request.Amount);
        return new Answer(card.Id, card.Number, code);
    }
}
