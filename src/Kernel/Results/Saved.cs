namespace Keel.Kernel;

/// What became of one item of a list that was to be saved. One bad row never sinks the others.
public sealed record Saved(string Key, SavedAs As, Error? Refusal = null)
{
    public static Saved Refused(string key, Error why) => new(key, SavedAs.Refused, why);

    /// The answer for a list. A list of one that was refused is refused as a whole, so that a form and a single call see a plain refusal.
    public static Result<Saved[]> Answer(IReadOnlyList<Saved> items) =>
        items is [{ Refusal: { } only }] ? only : items.ToArray();
}

public enum SavedAs
{
    Created,
    Changed,
    Unchanged,
    Refused,
}
