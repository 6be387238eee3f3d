using Keel.Kernel.Views;
using Keel.Partners.Contract;
using Keel.Ui;

namespace Keel.Partners;

/// Customers and suppliers by number; companies by the beginning of their name, and for those who may see persons everybody, by name or mail.
internal sealed class FindPartners(KeelDb db, Viewer viewer) : IFinder
{
    public sealed record Row(Guid Id, string Number, string Name, bool IsSupplier, bool IsCompany, string? Mail);

    private static readonly SqlText Columns = new($"id, number, name, is_supplier, {PartnerFile.IsCompany} as is_company");
    private Later<List<Row>>? rows;

    public string Title => "Customers and suppliers";
    public string Permission => PartnersPermissions.Read;

    public void Ask(Finding text)
    {
        var seesPeople = viewer.May(Viewer.SeePersonal);
        var whose = seesPeople ? new SqlText() : new SqlText($" and {PartnerFile.IsCompany}");
        FormattableString byName = $"";
        if (text.Text.Length > 1) byName =
            $"""
            union all (select {Columns}, null from partners.partner p where company_id = {db.Company} and lower(name) collate "C" >= {text.Lower} and lower(name) collate "C" < {text.LowerEnd}{whose} limit {Finding.Most})
            """;
        FormattableString byMail = $"";
        if (text.Text.Length > 1 && seesPeople) byMail =
            $"""
            union all (select {Columns}, email from partners.partner p where company_id = {db.Company} and lower(email) collate "C" >= {text.Lower} and lower(email) collate "C" < {text.LowerEnd} limit {Finding.Most})
            """;

        rows = db.Ask<Row>(
            $"""
            select id, number, name, is_supplier, is_company, nullif(min(coalesce(mail, '')), '') as mail from (
              (select {Columns}, null::text as mail from partners.partner p where company_id = {db.Company} and number >= {text.Code} and number < {text.CodeEnd} order by number limit {Finding.Most})
              {byName} {byMail}
            ) f group by id, number, name, is_supplier, is_company order by min(coalesce(mail, '')), name, number limit {Finding.Most}
            """);
    }

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. rows!.Value.Select(p =>
        new PaletteFound.Hit("person", p.IsCompany || viewer.May(Viewer.SeePersonal) ? p.Name : p.Number, $"/partners/{p.Id}") { Note = p.Mail is null ? p.Number : $"{p.Number}, {p.Mail}", Kind = p.IsSupplier ? "supplier" : "customer" })];
}
