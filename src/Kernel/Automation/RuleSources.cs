using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What a rule can begin with: an event that a module declares, the clock, or the rows of a list that the clock has looked at.
internal sealed record RuleSource(string Name, string Title, FactShape Shape, TriggerKind? Event, Type? List)
{
    /// The permission that a rule's owner needs to look: the list's, or the one to read what the event's module has; the clock is everybody's.
    public string? Permission => List is not null ? ViewInfo.Of(List).Permission : Event is not null ? Event.Module + ".read" : null;
}

/// What a clock says.
internal sealed record ClockStruck(DateTimeOffset At, DateOnly Day);

/// Everything that a rule can begin with.
internal sealed class RuleSources
{
    private readonly Dictionary<string, RuleSource> byName;

    public RuleSources(ModuleCatalog catalog, Triggers triggers)
    {
        Events = [.. triggers.All.Select(t => new RuleSource(t.Name, t.Title, t.Shape, t, null))];
        Clock = new RuleSource(RuleDefinition.OnSchedule, "On a schedule", FactShape.Of(typeof(ClockStruck)), null, null);
        Lists = [.. catalog.Views.Where(v => ViewInfo.Of(v).Args is null).Select(v => (View: v, Info: ViewInfo.Of(v))).OrderBy(v => v.Info.Name, StringComparer.Ordinal)
            .Select(v => new RuleSource(RuleDefinition.OnEach + v.Info.Name, $"On a schedule, for each row of {v.Info.Name}", FactShape.Of(v.Info.Row), null, v.View))];
        byName = Events.Append(Clock).Concat(Lists).ToDictionary(s => s.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<RuleSource> Events { get; }
    public RuleSource Clock { get; }
    public IReadOnlyList<RuleSource> Lists { get; }

    public RuleSource? Find(string name) => byName.GetValueOrDefault(name);
}
