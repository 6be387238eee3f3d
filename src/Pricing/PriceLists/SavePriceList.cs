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
        int? Version = null,
        [RegularExpression("^([a-z0-9-]{1,30})?$", ErrorMessage = "is 1 to 30 small letters, digits and hyphens, such as b2b.")] string? CustomerClass = null);

    public static readonly Error NoChannel = Error.NotFound(
        "price-list.channel-unknown", "There is no channel with this code. Create the channel first.");
    public static readonly Error Backwards = Error.Invalid(
        "price-list.ends-before-it-begins", "The list ends before it begins. Correct one of the days.");
    public static readonly Error CustomerAndClass = Error.Invalid(
        "price-list.customer-and-class", "A list is for one customer or for a class of them. Leave one of both out.");
    public static readonly Error Overlaps = new(
        "price-list.overlaps", "Another list for the same customers holds on the same days with the same priority. Change the days, or say by the priority which goes first.");
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
        // Two lists that are saved at once see each other.
        db.QueueQuery<int>($"select 1 from (select pg_advisory_xact_lock(hashtextextended('pricing.price-lists ' || {db.Company}::text, 0))) l", _ => { });
        var others = db.Ask<PriceList>($"select * from pricing.price_list where company_id = {db.Company} and code <> {request.Code} order by code");
        var old = await db.PriceLists.Find($"company_id = {db.Company} and code = {request.Code} for update", ct);
        if (request.Version is { } version && version != (old?.Version ?? 0)) return ChangedMeanwhile;

        var list = new PriceList(
            db.Company, request.Code, request.Name.Trim(), request.Channel, request.Customer,
            request.Currency ?? old?.Currency ?? network.Company.Currency,
            request.IncludesTax, request.Priority, request.ValidFrom ?? old?.ValidFrom ?? network.Day(db.Now), request.ValidTo,
            (old?.Version ?? 0) + 1, request.CustomerClass is { Length: > 0 } own ? own : null);
        if (list.ValidTo < list.ValidFrom) return Backwards;
        if (list is { Customer: not null, CustomerClass: not null }) return CustomerAndClass;
        if (Rivals(list, others.Value) is { } rival) return Overlaps.With(
            $"The list {rival.Code} is for the same customers, holds on some of the same days and has the priority {rival.Priority} too. Change the days, or say by the priority which goes first.");
        if (old is not null && hasPrices.Value && (old.Currency, old.IncludesTax) != (list.Currency, list.IncludesTax)) return Fixed;

        db.Work.Concerns(list.Code);
        db.Work.Changed("price-list", list.Code, old, list);
        if (old is null) db.PriceLists.Insert(list);
        else db.PriceLists.Update(list);
        return new[] { new Saved(list.Code, old is null ? SavedAs.Created : SavedAs.Changed) };
    }

    /// A list that would hold for the same orders on one day, and nothing but its code would say which goes first.
    private static PriceList? Rivals(PriceList list, IEnumerable<PriceList> others) => others.FirstOrDefault(o =>
        (o.Channel, o.Customer, o.CustomerClass, o.Currency, o.Priority) == (list.Channel, list.Customer, list.CustomerClass, list.Currency, list.Priority)
        && !(o.ValidTo < list.ValidFrom) && !(list.ValidTo < o.ValidFrom));
}
