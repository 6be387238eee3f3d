using System.ComponentModel.DataAnnotations;
using Keel.Pricing.Contract;

namespace Keel.Pricing.PriceLists;

/// Creates a price list, or says anew for whom and for how long it holds.
[Operation("pricing.save-price-list", PricingPermissions.EditPrices, ChangesSettings = true, Said = "saved the price list")]
internal sealed class SavePriceList(KeelDb db, Settings settings) : IOperation<SavePriceList.Request, Saved[]>
{
    public sealed record Request(
        [Required, RegularExpression("^[a-z0-9-]{1,30}$", ErrorMessage = "is 1 to 30 small letters, digits and hyphens.")] string Code,
        [Required, MaxLength(100)] string Name, Currency? Currency = null, bool IncludesTax = true, ChannelCode? Channel = null,
        [MaxLength(40)] string? Customer = null, [Range(0, 1000)] int Priority = 100, DateOnly? ValidFrom = null, DateOnly? ValidTo = null,
        int? Version = null);

    public static readonly Error NoChannel = Error.NotFound(
        "price-list.channel-unknown", "There is no channel with this code. Create the channel first.");
    public static readonly Error Backwards = Error.Invalid(
        "price-list.ends-before-it-begins", "The list ends before it begins. Correct one of the days.");
    public static readonly Error Fixed = new(
        "price-list.terms-fixed", "Currency and tax of a list that has prices cannot change. Create another list.");
    public static readonly Error ChangedMeanwhile = new(
        "price-list.changed-meanwhile", "Somebody changed this list meanwhile. Look at it again, then save.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (request.Channel is { } channel && !network.Channels.ContainsKey(channel)) return NoChannel;
        var hasPrices = db.Ask<bool, bool>(
            $"select exists (select 1 from pricing.price where company_id = {db.Company} and list = {request.Code})", rows => rows[0]);
        var old = await db.PriceLists.Find($"company_id = {db.Company} and code = {request.Code} for update", ct);
        if (request.Version is { } version && version != (old?.Version ?? 0)) return ChangedMeanwhile;

        var list = new PriceList(
            db.Company, request.Code, request.Name.Trim(), request.Channel, request.Customer,
            request.Currency ?? old?.Currency ?? network.Company.Currency,
            request.IncludesTax, request.Priority, request.ValidFrom ?? old?.ValidFrom ?? network.Day(db.Now), request.ValidTo,
            (old?.Version ?? 0) + 1);
        if (list.ValidTo < list.ValidFrom) return Backwards;
        if (old is not null && hasPrices.Value && (old.Currency, old.IncludesTax) != (list.Currency, list.IncludesTax)) return Fixed;

        db.Work.Concerns(list.Code);
        db.Work.Changed("price-list", list.Code, old, list);
        if (old is null) db.PriceLists.Insert(list);
        else db.PriceLists.Update(list);
        return new[] { new Saved(list.Code, old is null ? SavedAs.Created : SavedAs.Changed) };
    }
}
