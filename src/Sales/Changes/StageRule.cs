using Keel.Sales.Contract;
using Keel.Ui;

namespace Keel.Sales;

/// What becomes of work on the floor when its order is edited, held or cancelled.
internal enum FloorEffect
{
    [Shown(StateRole.Done, "At once")]
    AtOnce,

    /// What is added leaves apart; what is on its way goes on.
    [Shown(StateRole.Ready, "Leaves later")]
    LeavesLater,

    /// The work waits where it is and cannot leave.
    [Shown(StateRole.Held, "Stops where it is")]
    Stops,

    /// The work ends; nothing was taken out of a bin yet.
    [Shown(StateRole.Working, "Called back")]
    CallsBack,

    /// The work ends, and what was picked is put back: a case of the warehouse.
    [Shown(StateRole.Waiting, "Put back")]
    PutsBack,

    [Shown(StateRole.Late, "Refused")]
    Refused,
}

/// What an edit, a hold and a cancellation do at one stage of the floor. The one table of it: operations ask it, and people read it.
internal sealed record StageRule(FloorStage Stage, string Says, FloorEffect Less, FloorEffect More, FloorEffect Price, FloorEffect Address, FloorEffect Hold, FloorEffect Cancel)
{
    public static readonly IReadOnlyList<StageRule> All =
    [
        new(FloorStage.Waiting, "Nothing of it is on the floor yet.", FloorEffect.AtOnce, FloorEffect.AtOnce, FloorEffect.AtOnce, FloorEffect.AtOnce, FloorEffect.AtOnce, FloorEffect.AtOnce),
        new(FloorStage.Allocated, "It is given to the floor, and bins are set aside for it.", FloorEffect.CallsBack, FloorEffect.LeavesLater, FloorEffect.AtOnce, FloorEffect.Refused, FloorEffect.Stops, FloorEffect.CallsBack),
        new(FloorStage.Picked, "Its goods are out of their bins.", FloorEffect.PutsBack, FloorEffect.LeavesLater, FloorEffect.AtOnce, FloorEffect.Refused, FloorEffect.Stops, FloorEffect.PutsBack),
        new(FloorStage.Packed, "Its parcel is closed.", FloorEffect.PutsBack, FloorEffect.LeavesLater, FloorEffect.AtOnce, FloorEffect.Refused, FloorEffect.Stops, FloorEffect.PutsBack),
        new(FloorStage.Ordered, "A supplier is to send it to the customer directly. Ask the supplier to cancel first, on the supplier order.", FloorEffect.Refused, FloorEffect.LeavesLater, FloorEffect.AtOnce, FloorEffect.Refused, FloorEffect.Refused, FloorEffect.Refused),
        new(FloorStage.Labelled, "A carrier's label is bought for it. The floor does not report this stage yet.", FloorEffect.PutsBack, FloorEffect.LeavesLater, FloorEffect.AtOnce, FloorEffect.Refused, FloorEffect.Stops, FloorEffect.PutsBack),
        new(FloorStage.Manifested, "It stands on a carrier's list. The floor does not report this stage yet.", FloorEffect.Refused, FloorEffect.LeavesLater, FloorEffect.AtOnce, FloorEffect.Refused, FloorEffect.Refused, FloorEffect.Refused),
        new(FloorStage.HandedOver, "It has left and is invoiced.", FloorEffect.Refused, FloorEffect.LeavesLater, FloorEffect.Refused, FloorEffect.Refused, FloorEffect.Refused, FloorEffect.Refused),
    ];

    public static StageRule At(FloorStage stage) => All[(int)stage];

    /// The rule of what is furthest on its way.
    public static StageRule Of(IEnumerable<FloorWork> works) => At(works.Select(w => w.Stage).DefaultIfEmpty(FloorStage.Waiting).Max());
}

/// How far the work on orders is, by whoever knows it.
internal sealed class FloorDesk(IEnumerable<IFloor> floors)
{
    public async Task<ILookup<Guid, FloorWork>> Of(IReadOnlyList<Guid> orders, CancellationToken ct)
    {
        var works = new List<FloorWork>();
        foreach (var floor in orders.Count == 0 ? [] : floors) works.AddRange(await floor.Of(orders, ct));
        return works.ToLookup(w => w.Order);
    }
}
