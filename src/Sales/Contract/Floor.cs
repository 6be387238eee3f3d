using Keel.Ui;

namespace Keel.Sales.Contract;

/// How far the work on goods of an order is. The floor as it is today reports nothing, allocated, picked and packed; labels and manifests are no
/// stages of their own there yet, so nobody reports them, and their rules wait for the day on which somebody does.
public enum FloorStage
{
    /// Nothing of it is on the floor.
    [Shown(StateRole.Idle, "Waiting")]
    Waiting,

    /// Given to the floor; bins are set aside.
    [Shown(StateRole.Ready, "Allocated")]
    Allocated,

    [Shown(StateRole.Working, "Picked")]
    Picked,

    [Shown(StateRole.Working, "Packed")]
    Packed,

    /// A supplier was asked to send it to the customer directly: only the supplier can stop it.
    [Shown(StateRole.Working, "At the supplier")]
    Ordered,

    /// A carrier's label is bought.
    [Shown(StateRole.Working, "Labelled")]
    Labelled,

    /// It stands on a carrier's list.
    [Shown(StateRole.Working, "Manifested")]
    Manifested,

    /// It has left.
    [Shown(StateRole.Done, "Handed over")]
    HandedOver,
}

/// Work on an order that is on the floor and has not left: which of its lines, and how far.
public sealed record FloorWork(Guid Order, DocumentRef Work, NodeCode Node, FloorStage Stage, IReadOnlyList<int> Lines);

/// Who knows how far the work on orders is. Asked behind the orders' locks.
public interface IFloor
{
    Task<IReadOnlyList<FloorWork>> Of(IReadOnlyList<Guid> orders, CancellationToken ct = default);
}

/// Work on an order is called back: it stops where it is, and what was taken out of the bins goes back.
public sealed record WorkCalledBack(DocumentRef Order, IReadOnlyList<Guid> Work, string Reason) : IEvent;

/// What an order is about changed after it came in.
public sealed record OrderChanged(DocumentRef Order, ChannelCode Channel, Money Before, Money After, string Reason) : IEvent;
