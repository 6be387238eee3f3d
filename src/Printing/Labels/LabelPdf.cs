using Keel.Printing.Contract;
using Keel.Printing.Pdf;
using QRCoder;

namespace Keel.Printing.Labels;

/// A label as a PDF page of its own size: for the browser, and for printers that take no ZPL.
internal static class LabelPdf
{
    private const double Tenth = 72 / 254.0;

    public static byte[] Write(LabelSheet label, DateTimeOffset made)
    {
        var file = new PdfFile($"{label.Title} {label.Number}", made);
        var page = file.Add(PdfPage.Millimetres(label.WidthMm), PdfPage.Millimetres(label.HeightMm));
        foreach (var mark in label.Marks) Put(page, mark);
        return file.Write();
    }

    /// The dark squares of a QR code, row by row.
    internal static bool[][] Squares(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        return [.. code.ModuleMatrix.Select(row => row.Cast<bool>().ToArray())];
    }

    /// How high letters can be so that the text fits, and the text that fits.
    internal static (int Height, string Text) Fit(LabelText mark)
    {
        bool Fits(string text, int height) => PdfPage.Measure(text, height * Tenth, mark.IsBold) <= mark.Width * Tenth;
        var height = mark.Height;
        while (height > mark.Height * 6 / 10 && !Fits(mark.Text, height)) height--;
        var text = mark.Text;
        while (text.Length > 1 && !Fits(text, height)) text = text[..^1];
        return (height, text);
    }

    private static void Put(PdfPage page, LabelMark mark)
    {
        var (x, y) = (mark.X * Tenth, mark.Y * Tenth);
        switch (mark)
        {
            case LabelText text:
                var (height, fits) = Fit(text);
                page.Text(fits, x, y + height * Tenth * 0.8, height * Tenth, text.IsBold);
                break;
            case LabelBars bars:
                DocumentLayout.Bars(page, bars.Text, x, y, bars.Width * Tenth, bars.Height * Tenth, withText: false, bars.IsGs1, widest: 1.8);
                break;
            case LabelSquare square:
                var rows = Squares(square.Text);
                var module = square.Side * Tenth / rows.Length;
                for (var r = 0; r < rows.Length; r++)
                {
                    for (var c = 0; c < rows.Length; c++)
                    {
                        if (rows[r][c]) page.Fill(x + c * module, y + r * module, module + 0.05, module + 0.05);
                    }
                }

                break;
            case LabelRule rule:
                page.Fill(x, y, rule.Width * Tenth, rule.Height * Tenth);
                break;
        }
    }
}
