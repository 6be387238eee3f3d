namespace Keel.Ui;

/// One thing that happened to a record: a sentence, at most one line of context, what somebody said, and a "Why?" where the system chose.
public sealed record TimelineEntry(DateTimeOffset At, string Icon, string Sentence)
{
    /// Who did it, said before the sentence.
    public string? Who { get; init; }
    public string? Context { get; init; }
    public string? Said { get; init; }

    /// The decision behind it.
    public string? WhyHref { get; init; }

    /// What it is about.
    public (string Text, string Href)? Link { get; init; }
    public StateRole? Role { get; init; }
}
