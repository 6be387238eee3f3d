using System.ComponentModel.DataAnnotations;

namespace Keel.Ledger;

/// Adds an account to the company's chart.
[Operation("ledger.add-account", LedgerPermissions.Chart, ChangesSettings = true, Said = "added the account", Icon = "books")]
internal sealed class AddAccount(KeelDb db, Settings settings) : IOperation<AddAccount.Request, Done>
{
    public sealed record Request(AccountCode Code, [Required, MaxLength(100)] string Name, AccountKind Kind, Side? Normal = null, bool Clearing = false);

    public static readonly Error Taken = new("account.exists", "There is an account with this code. Choose another code.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var chart = await Chart.Of(settings, ct);
        if (chart.Knows(request.Code)) return Taken;

        db.Table<Account>().Insert(new Account(
            db.Company, request.Code, request.Name, request.Kind, request.Normal ?? ChartTemplate.NormalOf(request.Kind), request.Clearing, Control.None));
        db.Work.Concerns(request.Code.Text);
        return Done.It;
    }
}
