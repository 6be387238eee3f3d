namespace Keel.Kernel;

/// Points at a document of any module: its kind (`order`, `shipment`), its key, and the number that people know.
[Flat(Prefixed = true)]
public sealed record DocumentRef(string Kind, Guid Id, string Number)
{
    public override string ToString() => Number;
}
