using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Founds a legal entity with books of its own.
[Operation("kernel.create-company", KernelPermissions.Companies, Global = true, Said = "created the company", Icon = "books")]
internal sealed class CreateCompany(KeelDb db) : IOperation<CreateCompany.Request, Id<Company>>
{
    public sealed record Request(
        [Required, RegularExpression("^[a-z0-9-]{2,30}$", ErrorMessage = "is 2 to 30 small letters, digits and hyphens.")] string Code,
        [Required, MaxLength(100)] string Name,
        [Required, RegularExpression("^[A-Z]{2}$", ErrorMessage = "is a country code of two capitals, such as NL.")] string Country,
        Currency Currency, [Required] string Zone);

    public static readonly Error Taken = new("company.exists", "There is a company with this code. Choose another code.");
    public static readonly Error NotLimited = new("company.not-yours", "Who is limited to some companies founds no others. Ask an administrator of all companies.", Refusal.Forbidden);
    public static readonly Error NoZone = Error.Invalid("company.zone-unknown", "The zone is not a time zone of the IANA list, such as Europe/Amsterdam.");

    public async Task<Result<Id<Company>>> Run(Request request, CancellationToken ct)
    {
        if (db.Work.Actor.Companies is not null) return NotLimited;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.Zone, out _)) return NoZone;
        if (await db.First<Guid?>($"select id from kernel.company where code = {request.Code}", ct) is not null) return Taken;

        var company = new Company(db.NewId<Company>(), request.Code, request.Name, request.Country, request.Currency, request.Zone);
        db.Table<Company>().Insert(company);
        db.Work.Concerns(company.Code);
        db.Raise(new CompanyFounded(company));
        return company.Id;
    }
}

/// A company was founded: modules give it what it starts with, such as a chart of accounts.
public sealed record CompanyFounded(Company Company) : IEvent;
