using System.ComponentModel.DataAnnotations;

namespace Keel.Accounting;

/// Notes what one unit of a currency is worth in company currency from a day on. A rate that was noted stays; a later note of the same day wins.
[Operation("accounting.set-exchange-rate", AccountingPermissions.Rates, ChangesSettings = true, Said = "set an exchange rate", Icon = "money")]
internal sealed class SetExchangeRate(KeelDb db, Settings settings) : IOperation<SetExchangeRate.Request, Done>
{
    public sealed record Request([Required] Currency Currency, [Range(typeof(decimal), "0.0000000001", "1000000000", ErrorMessage = "must be more than zero.")] decimal Rate, DateOnly? Day = null);

    public static readonly Error Own = new("exchange-rate.own-currency", "The company's own currency needs no rate.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (request.Currency == network.Company.Currency) return Own;

        db.Table<ExchangeRate>().Insert(new ExchangeRate(
            db.Company, request.Currency, request.Day ?? network.Day(db.Now), request.Rate, db.Work.Actor.Name, db.Now));
        db.Work.Concerns(request.Currency.Code);
        db.Work.Changed("exchange-rate", request.Currency.Code, $"Rate of {request.Day ?? network.Day(db.Now):yyyy-MM-dd}", null, request.Rate.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Done.It;
    }
}
