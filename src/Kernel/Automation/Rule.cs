using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Keel.Kernel;

/// A rule: when this happens and these conditions hold, do that. It does what its owner may do, and nothing else.
[Rows("kernel.rule", "id")]
internal sealed record Rule(
    Id<Rule> Id, Id<Company> CompanyId, string Name, int Version, RuleMode Mode, string Trigger, [property: Json] RuleDefinition Definition,
    ActorKind OwnerKind, Guid OwnerId, string OwnerName, DateTimeOffset SavedAt, DateTimeOffset Since, DateTimeOffset? NextAt)
{
    [NotAColumn]
    public DocumentRef Ref => new("rule", Id.Value, Name);

    /// As the log names it: every automatic step says which rule in which version did it, and who answers for it.
    [NotAColumn]
    public string ActorName => $"rule {Name} v{Version} ({OwnerName})";
}

/// One version of a rule, kept for good.
[Rows("kernel.rule_version", "rule_id", "version")]
internal sealed record RuleVersion(
    Id<Rule> RuleId, int Version, Id<Company> CompanyId, string Name, [property: Json] RuleDefinition Definition, string SavedBy, DateTimeOffset SavedAt, Guid Operation);

/// Whether a rule acts.
public enum RuleMode
{
    /// It acts.
    Live,

    /// It says what it would do, and does nothing.
    Trial,

    /// What it would act on is kept until somebody lets it go on.
    Paused,

    /// It is over.
    Retired,
}

/// What a rule says. `On` is the kind of event, `schedule`, or `each:` and the name of a list, whose rows are looked at on the schedule. One of
/// the groups must hold, in it all conditions; without any, everything matches. The request may hold fields of the event in braces.
internal sealed record RuleDefinition(
    string On, IReadOnlyList<RuleGroup> Groups, string Operation, JsonElement Request, RuleSchedule? Schedule = null)
{
    public const string OnSchedule = "schedule";
    public const string OnEach = "each:";

    public bool IsScheduled => On == OnSchedule || On.StartsWith(OnEach, StringComparison.Ordinal);
}

/// Conditions that must all hold.
internal sealed record RuleGroup([Required, MaxLength(20)] IReadOnlyList<RuleCondition> Conditions);

/// One comparison with a field of the event. Values are written as people write them: `250 EUR`, `2026-11-20`, `webshop, bazaar`.
internal sealed record RuleCondition(
    [Required, MaxLength(80)] string Field, [property: Display(Name = "Is")] RuleTest Is,
    [MaxLength(400), Display(Name = "Compared with")] string? Value = null);

/// How a field of an event is compared.
public enum RuleTest
{
    Equal,
    Different,
    MoreThan,
    AtLeast,
    LessThan,
    AtMost,
    OneOf,
    NoneOf,
    Contains,
    ContainsNot,
    Said,
    NotSaid,
}

/// When a rule looks by itself: every so many minutes, or at a time of the company's day, on some days of the week.
internal sealed record RuleSchedule(
    [property: Range(5, 1440), Display(Name = "Every, minutes", Description = "From 5 to 1440.")] int? EveryMinutes = null,
    [property: RegularExpression("([01][0-9]|2[0-3]):[0-5][0-9]", ErrorMessage = "is a time such as 08:30."), Display(Name = "At", Description = "A time of the company's day, such as 08:30.")] string? At = null,
    [property: MaxLength(7), Display(Name = "Days", Description = "Every day, where none is named.")] IReadOnlyList<DayOfWeek>? Days = null)
{
    /// The next instant after another one.
    public DateTimeOffset After(DateTimeOffset last, Network network)
    {
        bool Is(DateOnly day) => Days is not { Count: > 0 } || Days.Contains(day.DayOfWeek);
        if (EveryMinutes is { } minutes)
        {
            var next = last.AddMinutes(minutes);
            return Is(network.Day(next)) ? next : NextDay(network.Day(next), new TimeOnly(0, 0));
        }

        var time = TimeOnly.ParseExact(At!, "HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        var today = network.Day(last);
        return Is(today) && network.InstantOf(today, time) is var at && at > last ? at : NextDay(today, time);

        DateTimeOffset NextDay(DateOnly day, TimeOnly at)
        {
            do day = day.AddDays(1); while (!Is(day));
            return network.InstantOf(day, at);
        }
    }
}
