using Keel.Kernel.Views;
using Keel.Partners.Contract;
using Keel.Ui;

namespace Keel.Partners;

/// Customers and suppliers by number, and by the beginning of their name or mail for those who may see persons.
internal sealed class FindPartners(KeelDb db, Viewer viewer) : IFinder
{
    public sealed record Row(Guid Id, string Number, string Name, bool IsSupplier, string? Mail);

    private Later<List<Row>>? rows;

    public string Title => "Customers and suppliers";
    public string Permission => PartnersPermissions.Read;

    public void Ask(Finding text)
    {
        FormattableString byName = $"";
        if (viewer.May(Viewer.SeePersonal) && text.Text.Length > 1)
        {
            byName =
                $"""
                union all (select id, number, name, is_supplier, null from partners.partner where company_id = {db.Company} and lower(name) collate "C" >= {text.Lower} and lower(name) collate "C" < {text.LowerEnd} limit {Finding.Most})
                union all (select id, number, name, is_supplier, email from partners.partner where company_id = {db.Company} and lower(email) collate "C" >= {text.Lower} and lower(email) collate "C" < {text.LowerEnd} limit {Finding.Most})
                """;
        }

        rows = db.Ask<Row>(
            $"""
            select id, number, name, is_supplier, nullif(min(coalesce(mail, '')), '') as mail from (
              (select id, number, name, is_supplier, null::text as mail from partners.partner where company_id = {db.Company} and number >= {text.Code} and number < {text.CodeEnd} order by number limit {Finding.Most})
              {byName}
            ) f group by id, number, name, is_supplier order by min(coalesce(mail, '')), name, number limit {Finding.Most}
            """);
    }

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. rows!.Value.Select(p =>
        new PaletteFound.Hit("person", viewer.May(Viewer.SeePersonal) ? p.Name : p.Number, $"/partners/{p.Id}") { Note = p.Mail is null ? p.Number : $"{p.Number}, {p.Mail}", Kind = p.IsSupplier ? "supplier" : "customer" })];
}
