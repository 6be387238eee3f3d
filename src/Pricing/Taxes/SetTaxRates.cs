using System.ComponentModel.DataAnnotations;
using Keel.Pricing.Contract;

namespace Keel.Pricing.Taxes;

/// Says which rates of tax hold from which day on.
[Operation("pricing.set-tax-rates", PricingPermissions.EditTaxes, ChangesSettings = true, Domain = PricingMasters.Taxes, Said = "set {tax rates|a tax rate}", Icon = "money")]
internal sealed class SetTaxRates(KeelDb db, MasterDesk masters) : IOperation<SetTaxRates.Request, Saved[]>, IAssess<SetTaxRates.Request, Saved[]>
{
    public sealed record Request([MinLength(1), MaxLength(1000)] IReadOnlyList<Item> Rates);

    /// A rate in per cent: 21 is 21 %. A jurisdiction is a country, or a part of one such as US-CA.
    public sealed record Item(
        [Required, RegularExpression("^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
            ErrorMessage = "is a country such as NL, or a part of one such as US-CA.")] string Jurisdiction,
        [Required, RegularExpression("^[a-z0-9-]{1,30}$", ErrorMessage = "is 1 to 30 small letters, digits and hyphens.")] string Category,
        [Range(typeof(decimal), "0", "100", ErrorMessage = "is between 0 and 100 per cent.")] decimal Rate, DateOnly ValidFrom);

    public static readonly Error TooFine = Error.Invalid("tax-rate.too-fine", "A rate has at most four decimals of a per cent.");
    public static readonly Error Twice = new("tax-rate.twice", "The list names this rate twice. Name it once.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var jurisdictions = request.Rates.Select(r => r.Jurisdiction).Distinct().ToArray();
        var known = (await db.TaxRates.Where(
                $"company_id = {db.Company} and jurisdiction = any({jurisdictions}) order by jurisdiction, category, valid_from for update",
                ct))
            .ToDictionary(r => (r.Jurisdiction, r.Category, r.ValidFrom));

        List<TaxRate> fresh = [], changed = [];
        var seen = new HashSet<(string, string, DateOnly)>();
        var answers = request.Rates.Select(One).ToArray();
        db.TaxRates.Insert(fresh);
        db.TaxRates.Update(changed);
        foreach (var jurisdiction in jurisdictions) db.Work.Concerns(jurisdiction);
        foreach (var rate in fresh.Concat(changed))
        {
            var before = known.GetValueOrDefault((rate.Jurisdiction, rate.Category, rate.ValidFrom))
                ?? known.Values.Where(r => (r.Jurisdiction, r.Category) == (rate.Jurisdiction, rate.Category) && r.ValidFrom < rate.ValidFrom).MaxBy(r => r.ValidFrom);
            db.Work.Changed("tax-rate", rate.Jurisdiction, $"Rate {rate.Category} from {rate.ValidFrom:yyyy-MM-dd}", Told(before), Told(rate));
        }

        return Saved.Answer(answers);

        static string? Told(TaxRate? rate) => rate is null ? null : rate.Rate.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture) + " %";

        Saved One(Item item)
        {
            var key = $"{item.Jurisdiction} {item.Category} {item.ValidFrom:yyyy-MM-dd}";
            var rate = new TaxRate(db.Company, item.Jurisdiction, item.Category, item.Rate, item.ValidFrom);
            if (decimal.Round(item.Rate, 4) != item.Rate) return Saved.Refused(key, TooFine);
            if (!seen.Add((rate.Jurisdiction, rate.Category, rate.ValidFrom))) return Saved.Refused(key, Twice);
            if (!known.TryGetValue((rate.Jurisdiction, rate.Category, rate.ValidFrom), out var old))
            {
                fresh.Add(rate);
                Tell(rate, known.Values.Where(r => r.Jurisdiction == rate.Jurisdiction && r.Category == rate.Category && r.ValidFrom < rate.ValidFrom).MaxBy(r => r.ValidFrom));
                return new Saved(key, SavedAs.Created);
            }

            if (old == rate) return new Saved(key, SavedAs.Unchanged);
            changed.Add(rate);
            Tell(rate, old);
            return new Saved(key, SavedAs.Changed);
        }

        void Tell(TaxRate rate, TaxRate? old)
        {
            var subject = $"{rate.Jurisdiction} {rate.Category}";
            masters.Changed(PricingMasters.Taxes, new DocumentRef("tax-rate", Guid.Empty, subject),
                [new FieldEdit(subject, $"rate from {rate.ValidFrom:yyyy-MM-dd}", old is null ? null : $"{old.Rate:0.####} %", $"{rate.Rate:0.####} %")]);
        }
    }

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());
}
