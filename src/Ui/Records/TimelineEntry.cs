using Microsoft.AspNetCore.Components;

namespace Keel.Ui;

/// One thing that happened to a record: a sentence, at most one line of context, what somebody said, and a "Why?" where the system chose.
public sealed record TimelineEntry(DateTimeOffset At, string Icon, string Sentence)
{
    /// What it is, for those who look at one thing only.
    public StreamKind Kind { get; init; } = StreamKind.Change;

    /// Who did it, said before the sentence.
    public string? Who { get; init; }
    public string? Context { get; init; }
    public string? Said { get; init; }

    /// What was written or sent, drawn.
    public RenderFragment? Body { get; init; }

    /// What can be done with it.
    public RenderFragment? Ways { get; init; }

    /// The decision behind it.
    public string? WhyHref { get; init; }

    /// What it is about.
    public (string Text, string Href)? Link { get; init; }
    public StateRole? Role { get; init; }
}

/// What an entry of a record's stream is.
public enum StreamKind
{
    Operation,
    Change,
    Decision,
    Message,
    Note,
    File,
    Task,
}
