namespace Keel.Ui;

/// One fact of a record, as a page about it shows it: who, how much, until when, in which state.
public sealed record RecordFact(string Label, string Text)
{
    public Shown? State { get; init; }
    public DateOnly? Day { get; init; }

    /// What is not done by that day is late.
    public bool IsDeadline { get; init; }
}

/// Says what is most worth knowing of a record, where another page is about it: of the order that a case is about. As far as whoever looks may see it.
public interface IRecordFacts
{
    /// The kind of document: `order`.
    string Kind { get; }

    /// Who may see them.
    string Permission { get; }

    /// Nothing where there is no such record.
    Task<IReadOnlyList<RecordFact>> Of(DocumentRef document, CancellationToken ct = default);
}
