using Keel.Catalog.Contract;

namespace Keel.Catalog.Products;

/// Products as master data: what a good one has, and what two have in common when they may be one.
internal static class ProductMasters
{
    public const string Domain = "products";

    private const string Form = "/products/edit?sku={key}";
    private const string Sold = "p.lifecycle in ('Active', 'PhasingOut')";

    /// A virtual kit is weighed and measured as what is in it.
    private const string IsPacked = "not exists (select from catalog.kit k where k.sku = p.sku and k.kind = 'Virtual')";

    /// A family is not scanned itself: its variants are.
    private const string IsNoFamily = "not exists (select from catalog.product v where v.variant_of = p.sku)";

    public static readonly DataDomain Of = new(Domain, "Products", "What is sold, bought and counted: names, units, barcodes, weights, tax categories, customs codes.")
    {
        Href = "/products", Page = "/product/{key}",
        Records = "select p.sku as key, p.name from catalog.product p where $1::uuid is not null and p.lifecycle <> 'Retired'",
        Fields = "select p.sku as key, to_jsonb(p) || jsonb_build_object('barcodes', (select string_agg(b.code, ', ' order by b.code) from catalog.barcode b where b.sku = p.sku)) as record "
            + "from catalog.product p where $1::uuid is not null and p.sku = any($2)",
        MergeOperation = "catalog.merge-products", MergePermission = CatalogPermissions.Edit,
    };

    public static readonly QualityRule[] Rules =
    [
        Rule("barcode", "Nothing can be scanned for it", Severity.Normal, IsNoFamily + " and not exists (select from catalog.barcode b where b.sku = p.sku)", "null", "Add a barcode", "/barcodes/new?sku={key}"),
        Rule("weight", "Its weight is not known", Severity.Normal, IsPacked + " and p.weight_grams is null", "null", "Weigh it"),
        Rule("customs-code", "It has no customs code", Severity.Low, "p.hs_code is null", "null", "Look the code up"),
        Rule("size", "Its dimensions are not all known", Severity.Low, IsPacked + " and (p.length_mm is null or p.width_mm is null or p.height_mm is null)", "null", "Measure it"),
        Rule("category", "It belongs to no category", Severity.Low, "not exists (select from catalog.pub_product_category c where c.sku = p.sku)", "null", "Name a category"),
        Rule(
            "name-twice", "Another product has the same name", Severity.Normal,
            "exists (select from catalog.product o where o.sku <> p.sku and o.lifecycle <> 'Retired' and lower(o.name) = lower(p.name) and coalesce(o.variant_of, '') = coalesce(p.variant_of, ''))",
            "p.name", "Name it apart"),
    ];

    public static readonly DuplicateSign[] Signs =
    [
        new(Domain, "name", "the same words in the name", 65,
            """
            select p.sku as key, (select string_agg(w, ' ' order by w) from regexp_split_to_table(lower(p.name), '[^[:alnum:]]+') w where w <> '') || '|' || coalesce(p.variant_of, '') as token
            from catalog.product p where $1::uuid is not null and p.lifecycle <> 'Retired'
            """),
        new(Domain, "supplier-code", "a code that differs only in its marks", 50,
            "select p.sku as key, regexp_replace(p.sku, '[^A-Z0-9]', '', 'g') as token from catalog.product p where $1::uuid is not null and p.lifecycle <> 'Retired'"),
    ];

    /// Files of products: by SKU, with weights and sizes.
    public static readonly ImportCheck Import = new("catalog.save-products", ["sku"], ["weightGrams", "lengthMm", "widthMm", "heightMm"],
        """
        select k.key, f.field, f.value from (select unnest($2::text[]) as key) k
        join catalog.product p on $1::uuid is not null and p.sku = upper(k.key)
        cross join lateral (values ('weightGrams', p.weight_grams::numeric), ('lengthMm', p.length_mm), ('widthMm', p.width_mm), ('heightMm', p.height_mm)) as f (field, value)
        """);

    private static QualityRule Rule(string name, string says, Severity severity, string where, string detail, string fix, string href = Form) =>
        new(Domain, name, says, severity, $"select p.sku as key, p.name, {detail}::text as detail from catalog.product p where $1::uuid is not null and {Sold} and ({where})")
        {
            Fix = fix, FixHref = href, FixPermission = CatalogPermissions.Edit,
        };
}
