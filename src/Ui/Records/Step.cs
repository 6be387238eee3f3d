namespace Keel.Ui;

/// One step of a document's life: what it is called, what came of it, and how far it is.
public sealed record Step(string Name, string? Note = null, StepKind Kind = StepKind.ToCome)
{
    /// Of the step that it is in: how much of it is done, 0 to 100.
    public int Percent { get; init; } = 50;

    public StateRole Role { get; init; } = StateRole.Working;

    /// The usual bar: everything before `now` is past, everything after is to come.
    public static IReadOnlyList<Step> Bar<TState>(TState now, IEnumerable<TState> order, Func<TState, string?>? note = null)
        where TState : struct, Enum
    {
        var states = order.ToList();
        var at = states.IndexOf(now);
        return [.. states.Select((s, i) => new Step(
            Shown.Of(s)?.Word ?? Kernel.Views.ViewInfo.Spoken(s.ToString()), note?.Invoke(s),
            i < at ? StepKind.Past : i == at ? StepKind.Now : StepKind.ToCome)
            { Role = Shown.Of(s)?.Role ?? StateRole.Working, Percent = i == at && i == states.Count - 1 ? 100 : 50 })];
    }
}

public enum StepKind
{
    ToCome,
    Now,
    Past,
}
