namespace Keel.Kernel;

/// A case that an operation asks for.
internal sealed record OpenedCase(CaseKind Kind, DocumentRef Subject, string Sentence);

/// The cases that a request would open.
internal sealed class ForetellCases : IForetell
{
    public ValueTask<IReadOnlyList<Foretold>> Tell(Made made, CancellationToken ct) =>
        ValueTask.FromResult<IReadOnlyList<Foretold>>([.. made.Of<OpenedCase>().Select(c => new Foretold("Cases", $"For {c.Kind.Owner}: {c.Sentence}"))]);
}
