using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Replaces a gift card that is lost: it is blocked, and what is on it moves to a new card, whose code is said once.
[Operation("sales.replace-gift-card", SalesPermissions.Vouchers, Secret = true, Said = "replaced a gift card", Icon = "swap")]
internal sealed class ReplaceGiftCard(KeelDb db, VoucherBook book) : IOperation<ReplaceGiftCard.Request, IssueGiftCard.Answer>
{
    public sealed record Request(Id<Voucher> Card, [Required, MinLength(3), MaxLength(200)] string Reason);

    public static readonly Error NoCard = Error.Invalid("voucher.no-card", "Store credit has no card: it cannot be lost.");
    public static readonly Error Replaced = new("voucher.replaced", "This card was replaced already. Load the page again.");
    public static readonly Error Empty = new("voucher.empty", "Nothing is left on this card: there is nothing to move.");

    public async Task<Result<IssueGiftCard.Answer>> Run(Request request, CancellationToken ct)
    {
        if (await book.Lock(request.Card, ct) is not { } card) return VoucherBook.NoVoucher;
        if (card.Kind is not VoucherKind.GiftCard) return NoCard;
        if (card.ReplacedBy is not null) return Replaced;
        if (card.Balance.IsZero) return Empty;
        var code = CardCode.Draw();
        var fresh = await book.Open(VoucherKind.GiftCard, code, card.CustomerId, card.Currency, card.ExpiresOn, ct);
        await book.Write(card, VoucherStep.Moved, -card.Balance, request.Reason, ct);
        await book.Write(fresh, VoucherStep.Moved, card.Balance, request.Reason, ct);
        db.Table<Voucher>().Update([card with { BlockedAt = card.BlockedAt ?? db.Now, BlockedWhy = card.BlockedWhy ?? request.Reason, ReplacedBy = fresh.Id.Value }], nameof(Voucher.BlockedAt), nameof(Voucher.BlockedWhy), nameof(Voucher.ReplacedBy));
        db.Work.IsWorth(card.Balance);
        return new IssueGiftCard.Answer(fresh.Id, fresh.Number, code);
    }
}

/// Blocks a gift card: nobody spends it until it is replaced.
[Operation("sales.block-gift-card", SalesPermissions.Vouchers, Said = "blocked a gift card", Icon = "lock")]
internal sealed class BlockGiftCard(KeelDb db, VoucherBook book) : IOperation<BlockGiftCard.Request, Done>
{
    public sealed record Request(Id<Voucher> Card, [Required, MinLength(3), MaxLength(200)] string Reason);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await book.Lock(request.Card, ct) is not { } card) return VoucherBook.NoVoucher;
        if (card.Kind is not VoucherKind.GiftCard) return ReplaceGiftCard.NoCard;
        if (card.BlockedAt is not null) return RedeemVoucher.Blocked;
        db.Work.Concerns(card.Number);
        db.Table<Voucher>().Update([card with { BlockedAt = db.Now, BlockedWhy = request.Reason }], nameof(Voucher.BlockedAt), nameof(Voucher.BlockedWhy));
        return Done.It;
    }
}

/// Ends gift cards whose day has passed: what is left on them is income.
[Operation("sales.expire-gift-cards", SalesPermissions.Vouchers, Said = "ended gift cards whose day has passed", Icon = "clock")]
internal sealed class ExpireGiftCards(KeelDb db, VoucherBook book) : IOperation<ExpireGiftCards.Request, int>
{
    internal const int Most = 500;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        var due = await db.Query<Voucher>($"{VoucherBook.Columns} where company_id = {db.Company} and expires_on < {db.Today} and balance > 0 order by id limit {Most} for update", ct);
        foreach (var card in due) await book.Write(card, VoucherStep.Expired, -card.Balance, null, ct);
        return due.Count;
    }
}

/// Looks for gift cards whose day has passed, in every company that has some; nothing is logged where there are none.
internal sealed class ExpireGiftCardsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var companies = await db.Query<Id<Company>>($"select distinct v.company_id from sales.voucher v join kernel.company c on c.id = v.company_id where v.balance > 0 and v.expires_on < ({db.Now}::timestamptz at time zone c.zone)::date", ct);
        foreach (var company in companies)
        {
            while ((await gate.Run<ExpireGiftCards, ExpireGiftCards.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct)).Value == ExpireGiftCards.Most) { }
        }
    }
}
