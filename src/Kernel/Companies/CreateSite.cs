using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Adds a node that holds or sells goods.
[Operation("kernel.create-site", KernelPermissions.Network, ChangesSettings = true, Said = "created the site", Icon = "warehouse")]
internal sealed class CreateSite(KeelDb db, Settings settings) : IOperation<CreateSite.Request, Done>
{
    public sealed record Request(
        NodeCode Code, [Required, MaxLength(100)] string Name, SiteKind Kind = SiteKind.Warehouse, SiteAuthority Authority = SiteAuthority.Keel,
        [RegularExpression("^[A-Z]{2}$", ErrorMessage = "is a country code of two capitals, such as NL.")] string? Country = null, string? Zone = null, SiteCalendar? Calendar = null);

    public static readonly Error Taken = new("site.exists", "There is a site with this code. Choose another code.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (network.Sites.ContainsKey(request.Code)) return Taken;
        if (request.Zone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) return CreateCompany.NoZone;

        var site = new Site(
            db.Company, request.Code, request.Name, request.Kind, request.Authority, request.Country ?? network.Company.Country,
            request.Zone ?? network.Company.Zone, request.Calendar ?? SiteCalendar.Standard);
        db.Table<Site>().Insert(site);
        db.Work.Concerns(site.Code.Text);
        db.Work.Changed("site", site.Code.Text, null, site);
        db.Raise(new SiteOpened(site));
        return Done.It;
    }
}

/// A site was opened: Stock gives it its standard places.
public sealed record SiteOpened(Site Site) : IEvent;
