using System.Reflection;
using Keel.Kernel.Views;

namespace Keel.Ui;

/// What a state means for whoever looks. Each has its glyph and its colour; there is no eighth without a decision.
public enum StateRole
{
    /// Needs someone now: late, refused, failed.
    Late,

    /// On something outside: stock, payment, an answer. Also "at risk".
    Waiting,

    /// May start.
    Ready,

    /// In hand.
    Working,

    /// Stopped on purpose.
    Held,
    Done,
    Idle,
}

/// On a member of a state enum: the role that it plays and the word that people say.
[AttributeUsage(AttributeTargets.Field)]
public sealed class ShownAttribute(StateRole role, string? word = null) : Attribute
{
    public StateRole Role => role;
    public string? Word => word;
}

/// A state as a page shows it.
public readonly record struct Shown(StateRole Role, string Word)
{
    /// By the `[Shown]` of an enum's member; null where the enum is no state.
    public static Shown? Of(Enum state)
    {
        var name = state.ToString();
        var says = state.GetType().GetField(name)?.GetCustomAttribute<ShownAttribute>();
        return says is null ? null : new Shown(says.Role, says.Word ?? ViewInfo.Spoken(name));
    }
}
