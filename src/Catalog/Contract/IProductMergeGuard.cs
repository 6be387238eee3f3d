namespace Keel.Catalog.Contract;

/// What a module holds of a product that stands against making it another name of a second one: stock, promises, open lines.
public interface IProductMergeGuard
{
    /// What there is of it, in words such as `12 on hand at MAIN`; null where nothing stands against it.
    Task<string?> Open(Sku sku, CancellationToken ct);

    /// What happened to the product since an instant, in words; null where nothing did. Asked before a merge is undone.
    Task<string?> Since(Sku sku, DateTimeOffset at, CancellationToken ct);
}
