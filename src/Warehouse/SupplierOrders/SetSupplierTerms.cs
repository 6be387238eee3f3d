using System.ComponentModel.DataAnnotations;

namespace Keel.Warehouse;

/// Says which supplier a site stands for, where it is written to, and how many hours it may be silent.
[Operation("warehouse.set-supplier", WarehousePermissions.Suppliers, ChangesSettings = true, Said = "said which supplier sends from {node|a site}", Icon = "truck")]
internal sealed class SetSupplierTerms(KeelDb db, Settings settings) : IOperation<SetSupplierTerms.Request, Done>
{
    /// The supplier is named by its number. Without an address nobody is written to: the supplier order is printed or told by telephone.
    public sealed record Request(NodeCode Node, [Required, MaxLength(40)] string Supplier, [MaxLength(200), EmailAddress] string? Email = null, [Range(1, 720)] int PatienceHours = 24);

    public static readonly Error NotASupplier = new("supplier-terms.no-supplier-site", "This site is no supplier's. Create a site of the kind Supplier for it first.");
    public static readonly Error NotAgreed = new("supplier-terms.not-agreed", "Nobody agreed with this partner that goods of theirs are sold. Agree on it under Goods of others first, with what each costs us.");
    public static readonly Error Elsewhere = new("supplier-terms.elsewhere", "This supplier sends from another site already. One site stands for a supplier.");

    private sealed record OwnerRow(Guid Partner, string Code);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Sites.TryGetValue(request.Node, out var site) || site.Kind is not SiteKind.Supplier) return NotASupplier.With($"{request.Node} is no site of a supplier. Create a site of the kind Supplier for it first.");
        var code = request.Supplier.Trim();
        if (await db.Query<OwnerRow>($"select partner, code from stock.pub_owner where company_id = {db.Company} and code = {code} and kind = 'Consignor' and promised <> 'Never'", ct) is not [var owner])
            return NotAgreed.With($"Nobody agreed with {code} that goods of theirs are sold. Agree on it under Goods of others first, with what each costs us.");
        var known = await db.Query<SupplierTerms>($"{SupplierTerms.Columns} where company_id = {db.Company}", ct);
        if (known.Exists(t => t.Owner == code && t.Node != request.Node)) return Elsewhere;
        var was = known.Find(t => t.Node == request.Node);
        var terms = new SupplierTerms(db.Company, request.Node, owner.Partner, code, request.Email is { Length: > 0 } to ? to.Trim() : null, request.PatienceHours, db.Now, db.Work.Actor.Name, db.Work.Operation);
        db.Work.Concerns(request.Node.Text);
        db.Work.Concerns(code);
        db.Work.Changed("site", request.Node.Text, "supplier", was is null ? null : Says(was), Says(terms));
        if (was is null) db.Table<SupplierTerms>().Insert(terms);
        else db.Table<SupplierTerms>().Update([terms]);
        return Done.It;
    }

    private static string Says(SupplierTerms terms) => $"{terms.Owner}, {terms.Email ?? "no mail"}, {terms.PatienceHours} h";
}
