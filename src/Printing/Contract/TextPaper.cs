using Keel.Printing.Pdf;

namespace Keel.Printing.Contract;

/// A paper of running text on A4: headings, paragraphs that are broken where the line is full, and a foot with the page's number. For what
/// has no lines and totals, such as the front of a pack of evidence. The same text makes the same bytes.
public sealed class TextPaper(string title, string foot, DateTimeOffset made)
{
    private const double Wide = 595;
    private const double High = 842;
    private const double Margin = 48;
    private const double Top = 54;
    private const double Bottom = 786;
    private readonly PdfFile file = new(title, made);
    private double y = High;

    /// A heading, kept with what follows it.
    public void Heading(string words)
    {
        if (y > Bottom - 60) y = High;
        Line(words, 12, 24, bold: true);
    }

    /// A paragraph.
    public void Say(string words)
    {
        foreach (var line in PdfPage.Wrap(words, Wide - 2 * Margin, 9)) Line(line, 9, 12.5, bold: false);
    }

    public byte[] Write()
    {
        foreach (var (at, page) in file.Pages.Index()) page.Text($"{foot}, page {at + 1} of {file.Pages.Count}", Margin, High - 30, 7, grey: 0.35);
        return file.Write();
    }

    private void Line(string words, double size, double height, bool bold)
    {
        if (y + height > Bottom)
        {
            file.Add(Wide, High);
            y = Top;
        }

        y += height;
        file.Pages[^1].Text(words, Margin, y, size, bold);
    }
}
