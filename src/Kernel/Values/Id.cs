namespace Keel.Kernel;

/// The key of a row of one kind: a UUID of version 7 made from the operation's instant, so that an order's key is never an invoice's.
public readonly record struct Id<T>(Guid Value) : IId, IComparable<Id<T>>
{
    public static Id<T> At(DateTimeOffset instant) => new(Guid.CreateVersion7(instant));

    public bool IsEmpty => Value == Guid.Empty;
    public int CompareTo(Id<T> other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
}

/// Any typed key, seen as the UUID that it is.
public interface IId
{
    Guid Value { get; }
}
