using System.Globalization;
using Keel.Kernel.Views;
using Keel.Ui;
using static Keel.Kernel.Words;

namespace Keel.App.Pages;

/// What can be done with cases, the same on the list, on the board and on the case itself.
internal static class CaseActs
{
    private static readonly Act Take = Act.On<TakeCases>("Take") with { Key = "T" };
    private static readonly Act Escalate = Act.On<EscalateCases>("Escalate") with { Key = "E", Asks = "reason", Confirm = "It becomes more severe and goes to the supervisor. Why?" };
    private static readonly Act Close = Act.On<CloseCases>("Close") with { Key = "C", Asks = "resolution", Confirm = "What was done about it? A code, or a few words." };
    private static readonly Act Assign = Act.On<AssignCases>("Assign") with { Key = "A", Asks = "to", Confirm = "Into whose hands?" };

    /// Puts cases off until somebody's time: the times that are usual now, or their own. What lies past the target says so.
    public static Act Snooze(Told told, DateTimeOffset? due = null)
    {
        string Said(string words, DateTimeOffset at) => due is { } target && at > target ? T($"{words}, past its target") : words;
        return Act.On<SnoozeCases>("Put off") with
        {
            Key = "Z", Asks = "until", OwnTime = T("At another time …"),
            Confirm = due is { } end && told.IsPast(end) ? "Its target is past, and stays so: it counts as late again when it comes back. Until when?" : "Until when? It comes back by itself; its target stays.",
            Choices = [.. told.Soon.Select(s => (s.At.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), Said(s.Words, s.At)))],
        };
    }

    /// For selected rows of the list.
    public static Act[] ForMany(IReadOnlyList<(string Value, string Label)> hands, IEnumerable<string> codes, Told told) =>
        [Take, Assign with { Choices = hands }, Snooze(told), Escalate, Close with { Offers = [.. codes] }, Act.On<NoteCase>("Note") with { Asks = "note", Confirm = "What is there to say about them?" }];

    /// For a card; what is one's own already is not taken again.
    public static Act[] ForCard(CaseInbox.CardRow card, CaseKind? kind, Guid me, Told told) =>
    [
        .. new[] { card.AssigneeId == me ? null : Take, Snooze(told, card.DueAt), Escalate, Close with { Offers = kind?.Resolutions ?? [] } }.OfType<Act>()
            .Select(a => a with { Fields = [new("cases", card.Id.ToString())] }),
    ];

    /// For the case itself, in its state.
    public static IEnumerable<Act> ForOne(Case one, CaseKind? kind, Guid me, IReadOnlyList<(string Value, string Label)> hands, Told told)
    {
        KeyValuePair<string, string>[] fields = [new("cases", one.Id.Value.ToString())];
        if (one.AssigneeId != me || one.State is CaseState.Snoozed)
            yield return Take with { Label = one.AssigneeId == me ? "Bring it back now" : "Take", Fields = fields, Why = one.AssigneeId is { } other && other != me ? $"{one.Assignee} has taken it: have it assigned to you." : null };
        yield return Assign with { Fields = fields, Choices = hands };
        yield return Snooze(told, one.DueAt) with { Fields = fields };
        var isAtTheTop = one.Severity is Severity.High && one.Owner == (kind?.Supervisor ?? one.Owner);
        yield return Escalate with { Fields = fields, Why = isAtTheTop ? "It is with the supervisor already, as severe as can be." : null };
    }

    /// The ways out of a case, as buttons.
    public static IEnumerable<Act> WaysOut(CaseKind? kind, DocumentRef subject) => kind?.WaysFor(subject).Select(w => Act.Out(w, subject)) ?? [];

    public static Shown StateOf(CaseState state, bool isLate) => state switch
    {
        CaseState.Open => isLate ? new Shown(StateRole.Late, "Late") : new Shown(StateRole.Waiting, "Open"),
        CaseState.Snoozed => new Shown(StateRole.Held, "Put off"),
        _ => new Shown(StateRole.Done, "Closed"),
    };

    /// How old it is, of how much it may be: `5 h 40 of 2 h`.
    public static string Age(DateTimeOffset opened, DateTimeOffset due, DateTimeOffset now) => T($"{Told.Length(now - opened)} of {Told.Length(due - opened)}");

    /// Late once its time is over, at risk from the half of it on.
    public static StateRole RoleOf(DateTimeOffset opened, DateTimeOffset due, DateTimeOffset now) =>
        now >= due ? StateRole.Late : now - opened > (due - opened) / 2 ? StateRole.Waiting : StateRole.Idle;

    public static StateRole RoleOf(Severity severity) => severity switch
    {
        Severity.High => StateRole.Late,
        Severity.Normal => StateRole.Waiting,
        _ => StateRole.Idle,
    };
}
