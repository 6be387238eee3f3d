using Keel.Partners.Contract;

namespace Keel.Partners;

/// Customers and suppliers as master data: what a good one has, and what two have in common when they may be one.
internal static class PartnerMasters
{
    public const string Customers = "customers";
    public const string Suppliers = "suppliers";

    public static readonly IReadOnlyList<string> AddressFields = ["line1", "line2", "postalCode", "city", "region", "addressCountry"];

    /// The fields that a save can be confined to.
    public static readonly IReadOnlyList<string> Fields =
        ["name", "email", "phone", "country", "currency", "language", "vatId", "vatIdCheckedOn", "paymentTermsDays", "creditLimit", "leadTimeDays", "isCustomer", "isSupplier", .. AddressFields];

    /// What says something about a person.
    public static readonly IReadOnlyList<string> PersonalFields = ["Name", "Email", "Phone", "VatId", "Line1", "Line2", "PostalCode", "City", "Region"];

    private static readonly IReadOnlyList<string> PersonalColumns = ["name", "email", "phone", "vat_id", "address"];

    public static readonly DataDomain[] All =
    [
        new(Customers, "Customers", "Who buys: names, addresses, terms, credit limits, tax numbers.")
        {
            Href = "/customers", Page = "/partners/number/{key}", Personal = PersonalColumns, Records = Records("is_customer"), Fields = Sheet(),
            MergeOperation = "partners.merge", MergePermission = PartnersPermissions.Merge,
        },
        new(Suppliers, "Suppliers", "Who sells to us: names, terms, lead times, tax numbers.")
        {
            Href = "/suppliers", Page = "/partners/number/{key}", Personal = PersonalColumns, Records = Records("is_supplier"), Fields = Sheet(),
            MergeOperation = "partners.merge", MergePermission = PartnersPermissions.Merge,
        },
    ];

    public static readonly QualityRule[] Rules =
    [
        Rule(Customers, "address", "It has no address", Severity.Normal, "p.is_customer and not exists (select from partners.address a where a.partner_id = p.id)", "Ask for the address"),
        Rule(Customers, "mail", "It has neither e-mail nor phone", Severity.Normal, "p.is_customer and p.email is null and p.phone is null", "Ask how to reach them"),
        Rule(Customers, "vat-check", "Its VAT id was never checked", Severity.High, "p.is_customer and p.vat_id is not null and p.vat_id_checked_on is null", "Check the VAT id"),
        Rule(Customers, "terms", "It pays later without a credit limit", Severity.High, "p.is_customer and p.payment_terms_days > 0 and p.credit_limit is null", "Set a limit"),
        Rule(Suppliers, "mail", "It has no e-mail", Severity.Normal, "p.is_supplier and p.email is null", "Ask for the e-mail"),
        Rule(Suppliers, "lead-time", "Its lead time is not known", Severity.Normal, "p.is_supplier and p.lead_time_days is null", "Name the lead time"),
        Rule(Suppliers, "vat", "Its VAT id is missing", Severity.Low, "p.is_supplier and p.vat_id is null", "Ask for the VAT id"),
    ];

    public static readonly DuplicateSign[] Signs = [.. new[] { (Customers, "is_customer"), (Suppliers, "is_supplier") }.SelectMany(SignsOf)];

    /// Files of customers and suppliers: by mail, with terms and lead times.
    public static readonly ImportCheck[] Imports =
    [
        new("partners.save-customers", ["contact.email"], ["paymentTermsDays"], Imported("is_customer")),
        new("partners.save-suppliers", ["contact.email"], ["paymentTermsDays", "leadTimeDays"], Imported("is_supplier")),
    ];

    private static string Imported(string kind) =>
        $"""
        select k.key, f.field, f.value from (select unnest($2::text[]) as key) k
        join partners.partner g on g.company_id = $1 and g.identity = 'mailto:' || lower(k.key) join partners.partner p on p.id = coalesce(g.merged_into, g.id) and p.{kind}
        cross join lateral (values ('paymentTermsDays', p.payment_terms_days::numeric), ('leadTimeDays', p.lead_time_days)) as f (field, value)
        """;

    private static IEnumerable<DuplicateSign> SignsOf((string Domain, string Kind) of)
    {
        var from = $"from partners.partner p where p.company_id = $1 and p.{of.Kind} and {Living}";
        yield return new(of.Domain, "mail", "the same e-mail", 90, $"select p.number as key, lower(btrim(p.email)) as token {from} and p.email <> ''");
        yield return new(of.Domain, "vat", "the same VAT id", 85, $"select p.number as key, upper(p.vat_id) as token {from} and p.vat_id <> ''");
        // Country codes and the leading nought differ from one writing to the next; the last nine digits do not.
        yield return new(of.Domain, "phone", "the same phone", 60,
            $"select p.number as key, right(regexp_replace(p.phone, '[^0-9]', '', 'g'), 9) as token {from} and length(regexp_replace(p.phone, '[^0-9]', '', 'g')) >= 8");
        yield return new(of.Domain, "name-and-place", "the same name in the same place", 75,
            $"""
            select p.number as key, {Words} || '|' || regexp_replace(lower(a.postal_code), '[^a-z0-9]', '', 'g') || '|' || a.country as token
            from partners.partner p join partners.address a on a.partner_id = p.id and a.position = 0 where p.company_id = $1 and p.{of.Kind} and {Living} and a.postal_code <> ''
            """);
        yield return new(of.Domain, "name-and-town", "the same name in the same town", 50,
            $"""
            select p.number as key, {Words} || '|' || lower(btrim(a.city)) || '|' || a.country as token
            from partners.partner p join partners.address a on a.partner_id = p.id and a.position = 0 where p.company_id = $1 and p.{of.Kind} and {Living} and a.city <> ''
            """);
    }

    private const string Living = "p.erased_at is null and p.merged_into is null and p.identity <> 'anonymous'";

    private const string Words = "(select string_agg(w, ' ' order by w) from regexp_split_to_table(lower(p.name), '[^[:alnum:]]+') w where w <> '')";

    private static string Records(string kind) => $"select p.number as key, p.number as name from partners.partner p where p.company_id = $1 and p.{kind} and {Living}";

    private static string Sheet() =>
        """
        select p.number as key, jsonb_build_object('number', p.number, 'name', p.name, 'email', p.email, 'phone', p.phone, 'address',
          (select concat_ws(', ', nullif(a.line1, ''), a.line2, nullif(concat_ws(' ', a.postal_code, a.city), ' '), a.country) from partners.address a where a.partner_id = p.id and a.position = 0),
          'country', p.country, 'vat_id', p.vat_id, 'payment_terms_days', p.payment_terms_days, 'currency', p.currency, 'lead_time_days', p.lead_time_days,
          'is_customer', p.is_customer, 'is_supplier', p.is_supplier, 'known_as', case when p.identity like 'person:%' then 'by name and place' else split_part(p.identity, ':', 1) end,
          'since', to_char(p.created_at, 'YYYY-MM-DD')) as record
        from partners.partner p where p.company_id = $1 and p.number = any($2)
        """;

    /// Names of persons are no part of a finding: it is found by number.
    private static QualityRule Rule(string domain, string name, string says, Severity severity, string where, string fix) =>
        new(domain, name, says, severity, $"select p.number as key, p.number as name, null::text as detail from partners.partner p where p.company_id = $1 and {Living} and ({where})")
        {
            Fix = fix, FixHref = "/partners/number/{key}",
            FixPermission = domain == Customers ? PartnersPermissions.EditCustomers : PartnersPermissions.EditSuppliers,
        };
}
