using Keel.Catalog.Products;
using Keel.Partners.Contract;
using Keel.Partners.Customers;

namespace Keel.Tests.Masters;

/// A shop whose products and customers are owned, with the verbs of those who care for master data.
internal static class MasterShop
{
    public static async Task Owns(this Shop shop, Actor owner, string domain, Actor? deputy = null) =>
        await shop.Must<SetDataOwner, SetDataOwner.Request, Done>(new(domain, owner.Id, null, deputy?.Id));

    /// Changes of a domain by others than its owner become requests.
    public static Task AsksFor(this Shop shop, params string[] domains) =>
        shop.Chooses("master-changes", new MasterChanges([.. domains.Select(d => new MasterChangeRule(d, ChangeWay.Request))]));

    public static Task<Result<Saved[]>> Saves(this Shop shop, Actor by, SaveProducts.Item item, DateTimeOffset? from = null) =>
        shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([item]), shop.By(by) with { From = from });

    public static async Task<Result<ApprovalState>> Decides(this Shop shop, Actor by, Guid approval, bool yes, string reason = "looked at it")
    {
        var decided = await shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(new Id<Approval>(approval), await shop.VersionOf(approval), yes, reason), shop.By(by));
        await shop.Delivers();
        return decided;
    }

    /// Somebody does something that has to succeed.
    public static async Task As<TOperation, TRequest, TAnswer>(this Shop shop, Actor by, TRequest request) where TRequest : notnull
    {
        var done = await shop.Does<TOperation, TRequest, TAnswer>(request, shop.By(by));
        if (!done.Ok) throw new InvariantBroken($"{done.Error?.Code}: {done.Error?.Message}");
    }

    public static async Task<int> VersionOf(this Shop shop, Guid approval) => (int)await shop.Number($"select version from kernel.approval where id = '{approval}'");

    public static Task<string> ApprovalOf(this Shop shop, Guid id) => shop.Text($"select state || ': ' || sentence from kernel.approval where id = '{id}'");

    public static Task<string> Weight(this Shop shop, Sku sku) => shop.Text($"select weight_grams from catalog.product where sku = '{sku}'");

    public static async Task<string> Customer(this Shop shop, string name, string? mail = null, string? phone = null, string postalCode = "2013 DH", string city = "Haarlem", Actor? by = null)
    {
        var saved = await shop.Does<SaveCustomers, SaveCustomers.Request, Saved[]>(
            new([new(new Contact(name, mail, phone, new PostalAddress("Zijlweg 12", null, postalCode, city, null, "NL")))]), by is null ? null : shop.By(by));
        return saved.Value[0].Key;
    }
}
