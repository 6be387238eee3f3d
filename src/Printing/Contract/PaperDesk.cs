namespace Keel.Printing.Contract;

/// A paper as a file: what to call it, what it is, and its bytes.
public sealed record PaperFile(string Name, string MediaType, byte[] Content);

/// Papers for a browser: the same as a printer gets, without a job. The actor must be allowed to see the record, and its node.
public sealed class PaperDesk
{
    private readonly PaperBook book;

    internal PaperDesk(PaperBook book) => this.book = book;

    /// The PDF of a paper, or the ZPL of a label.
    public async Task<Result<PaperFile>> Show(string paper, string key, bool zpl, CancellationToken ct = default)
    {
        var printed = await book.Print(paper, key, copy: 1, zpl ? 203 : null, ct: ct);
        return printed.Ok ? new PaperFile(printed.Value.Name, printed.Value.MediaType, printed.Value.Content) : printed.Error!;
    }
}
