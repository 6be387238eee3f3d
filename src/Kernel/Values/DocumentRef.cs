namespace Keel.Kernel;

/// Points at a document of any module: its kind (`order`, `shipment`), its key, and the number that people know.
[Flat(Prefixed = true)]
public sealed record DocumentRef(string Kind, Guid Id, string Number)
{
    /// A thing that is known by its name alone, such as a product by its SKU: its key is made from the name, the same everywhere.
    public static DocumentRef Named(string kind, string name) =>
        new(kind, new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{kind} {name}")).AsSpan(0, 16)), name);

    public override string ToString() => Number;
}
