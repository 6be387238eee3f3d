namespace Keel.Kernel;

/// Something that happened, told by the module that did it to whoever cares.
public interface IEvent;

/// Does what must be true in the same transaction as the fact. It may write; it may not refuse, and may not leave the database.
public interface IHandle<in T> where T : IEvent
{
    Task Handle(T happened, CancellationToken ct);
}

/// An event that also leaves through the outbox: its subject keeps the order of delivery.
public interface IDelivered : IEvent
{
    /// Deliveries of one subject happen one after the other, in the order in which they were written.
    string Subject { get; }
}

/// Does what may follow after the commit, at least once: so it must bear being done twice.
public interface IDeliver<in T> where T : IDelivered
{
    Task Deliver(T happened, CancellationToken ct);
}

/// What a deliverer says when an operation that it asked for was refused: the letter is tried again later.
public sealed class NotDelivered(Error why) : Exception($"{why.Code}: {why.Message}")
{
    /// Passes an answer on, and a refusal as a failed delivery.
    public static T Unless<T>(Result<T> result) => result.Error is { } refused ? throw new NotDelivered(refused) : result.Ok ? result.Value : default!;
}
