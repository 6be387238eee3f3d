using System.Text.Json;

namespace Keel.Kernel;

/// A fact on its way to somebody who is told after the commit. Waiting, done, or dead with a reason; a dead one blocks only its subject.
[Rows("kernel.outbox", "id")]
internal sealed record OutboxRow(
    Guid Id, Id<Company> CompanyId, string Event, string Deliverer, string Subject, [property: Json] JsonElement Payload,
    DateTimeOffset At, Guid Operation, OutboxState State, int Attempts, DateTimeOffset NextAt, string? Problem);

internal enum OutboxState
{
    Waiting,
    Done,
    Dead,
}

/// Writes facts for delivery after the commit.
internal static class Outbox
{
    public static void Queue(KeelDb db, IEvent happened, Type deliverer) => db.Table<OutboxRow>().Insert(new OutboxRow(
        Guid.CreateVersion7(db.Now), db.Company, happened.GetType().FullName!, deliverer.FullName!, ((IDelivered)happened).Subject,
        JsonSerializer.SerializeToElement(happened, happened.GetType(), KeelJson.Options), db.Now, db.Work.Operation, OutboxState.Waiting, 0, db.Now, null));
}
