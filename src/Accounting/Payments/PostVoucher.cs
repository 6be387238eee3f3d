using Keel.Ledger.Contract;
using Keel.Sales.Contract;

namespace Keel.Accounting;

/// A gift card that is sold is money that is owed; goodwill is a discount; what expires is income. What an order pays with it is posted as any payment.
internal sealed class PostVoucher(Bookkeeper books) : IHandle<VoucherMoved>
{
    public async Task Handle(VoucherMoved moved, CancellationToken ct)
    {
        var slip = new Slip(Journals.Money, moved.Voucher, moved.Day, moved.HappenedAt, $"{moved.Step} {moved.Voucher}", new Dimensions(null, null, moved.Partner, null)) { Part = moved.Entry.ToString("N") };
        var counter = moved.Step switch
        {
            VoucherStep.Issued => Roles.Of(Roles.MoneyIn, moved.Method ?? ""),
            VoucherStep.Expired => Roles.ExpiredVoucher,
            _ => Roles.GivenVoucher,
        };
        slip.Debit(counter, moved.Amount);
        slip.Credit(Roles.Of(Roles.MoneyIn, moved.Kind is VoucherKind.GiftCard ? "gift-card" : "store-credit"), moved.Amount);
        await books.Post(slip, ct);
    }
}
