using Keel.Printing.Contract;
using Keel.Printing.Labels;
using Keel.Printing.Pdf;

namespace Keel.Printing;

/// How every document is laid out, whatever it is: head, facts, lines over as many pages as they need, sums, remarks, foot.
/// A line never breaks over a page, the head of the lines stands on each page, and sums stay together.
internal sealed class DocumentLayout
{
    private const double Small = 7.5, Normal = 9, Large = 16, Leading = 12.5, Gap = 6;
    private static readonly double Width = PdfPage.Millimetres(210), Height = PdfPage.Millimetres(297);
    private static readonly double Left = PdfPage.Millimetres(20), Right = Width - PdfPage.Millimetres(16), Top = PdfPage.Millimetres(16), Bottom = Height - PdfPage.Millimetres(24);
    private readonly DocumentSheet sheet;
    private readonly Letterhead head;
    private readonly string company;
    private readonly int copy;
    private readonly PdfFile file;
    private PdfPage page = null!;
    private double y;

    private DocumentLayout(DocumentSheet sheet, Letterhead head, string company, int copy)
    {
        (this.sheet, this.head, this.company, this.copy) = (sheet, head, company, copy);
        file = new PdfFile($"{sheet.Title} {sheet.Number}", new DateTimeOffset(sheet.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
    }

    /// The PDF of a document. From the second copy on it says which copy it is, where the paper must.
    public static byte[] Write(DocumentSheet sheet, Letterhead head, string company, int copy)
    {
        var layout = new DocumentLayout(sheet, head, company, copy);
        layout.Begin();
        layout.First();
        if (sheet.Columns.Count > 0) layout.Lines();
        layout.Totals();
        layout.Remarks();
        layout.Feet();
        return layout.file.Write();
    }

    private void Begin()
    {
        page = file.Add(Width, Height);
        y = Top;
        var logo = head.Logo.Length > 0 ? head.Logo : company;
        page.Text(logo, Left, y + 14, file.Pages.Count == 1 ? 18 : 11, bold: true);
        if (file.Pages.Count > 1)
        {
            page.TextTo($"{sheet.Title} {sheet.Number}{CopyText}", Right, y + 14, Normal);
            y += 30;
            return;
        }

        if (sheet.Barcode is { } code) Bars(page, code, Right - PdfPage.Millimetres(62), y, PdfPage.Millimetres(62), 26, withText: true);
        // The window of a DL envelope begins 45 mm below the upper edge.
        y = PdfPage.Millimetres(47);
    }

    private string CopyText => copy > 1 ? $" · {sheet.Tongue.Say("copy")} {copy}" : "";

    private void First()
    {
        var sender = head.Sender.Length > 0 ? head.Sender : company;
        page.Text(sender, Left, y, Small, grey: 0.35);
        page.Line(Left, y + 3, Left + PdfPage.Millimetres(80), y + 3, 0.3, 0.6);
        var at = y + 18;
        foreach (var line in sheet.To.SelectMany(t => PdfPage.Wrap(t, PdfPage.Millimetres(80), 10)))
        {
            page.Text(line, Left, at, 10);
            at += 13;
        }

        var (label, value) = (PdfPage.Millimetres(112), PdfPage.Millimetres(145));
        var fact = y;
        foreach (var one in sheet.Facts)
        {
            page.Text(one.Label, label, fact, Normal, grey: 0.35);
            foreach (var line in PdfPage.Wrap(one.Value, Right - value, Normal))
            {
                page.Text(line, value, fact, Normal);
                fact += Leading;
            }
        }

        y = Math.Max(PdfPage.Millimetres(92), Math.Max(at, fact) + 14);
        page.Text(sheet.Title + " " + sheet.Number, Left, y, Large, bold: true);
        if (copy > 1) page.TextTo($"{sheet.Tongue.Say("copy")} {copy}", Right, y, Large, bold: true, grey: 0.35);
        y += 18;
    }

    private void Lines()
    {
        var columns = Places();
        ColumnHead(columns);
        foreach (var line in sheet.Lines)
        {
            var cells = line.Select((text, i) => sheet.Columns[i].IsBarcode ? [text] : PdfPage.Wrap(text, columns[i].Wide, Normal)).ToArray();
            var high = cells.Select((c, i) => sheet.Columns[i].IsBarcode ? 26 : c.Count * Leading).Max() + Gap;
            if (y + high > Bottom)
            {
                Begin();
                ColumnHead(columns);
            }

            for (var i = 0; i < cells.Length; i++) Cell(cells[i], columns[i], sheet.Columns[i]);
            y += high;
            page.Line(Left, y - 2, Right, y - 2, 0.3, 0.8);
        }
    }

    private void Cell(List<string> lines, (double X, double Wide) at, SheetColumn column)
    {
        if (column.IsBarcode)
        {
            if (lines[0].Length > 0) Bars(page, lines[0], at.X, y, at.Wide, 20, withText: false);
            return;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            if (column.IsRight) page.TextTo(lines[i], at.X + at.Wide, y + 10 + i * Leading, Normal);
            else page.Text(lines[i], at.X, y + 10 + i * Leading, Normal);
        }
    }

    /// Titles stand on as many lines as the longest needs, the last one right over the rule.
    private void ColumnHead((double X, double Wide)[] columns)
    {
        var titles = columns.Select((c, i) => PdfPage.Wrap(sheet.Columns[i].Title, c.Wide, Small, bold: true)).ToArray();
        var high = titles.Max(t => t.Count);
        for (var i = 0; i < columns.Length; i++)
        {
            for (var line = 0; line < titles[i].Count; line++)
            {
                var at = y + 8 + (high - titles[i].Count + line) * (Small + 2);
                if (sheet.Columns[i].IsRight) page.TextTo(titles[i][line], columns[i].X + columns[i].Wide, at, Small, bold: true);
                else page.Text(titles[i][line], columns[i].X, at, Small, bold: true);
            }
        }

        y += (high - 1) * (Small + 2);
        page.Line(Left, y + 12, Right, y + 12, 0.8);
        y += 15;
    }

    /// Columns get their share of the width, but none less than the longest word of its title: what that takes, the others give.
    private (double X, double Wide)[] Places()
    {
        const double between = 8;
        var all = Right - Left - between * (sheet.Columns.Count - 1);
        var least = sheet.Columns.Select(c => c.Title.Split(' ').Max(w => PdfPage.Measure(w, Small, bold: true))).ToArray();
        var isHeld = new bool[least.Length];
        double[] wide;
        do
        {
            var left = all - least.Where((_, i) => isHeld[i]).Sum();
            var shares = sheet.Columns.Where((_, i) => !isHeld[i]).Sum(c => c.Share);
            wide = [.. sheet.Columns.Select((c, i) => isHeld[i] ? least[i] : left * c.Share / shares)];
        }
        while (Hold());

        var places = new (double, double)[wide.Length];
        var x = Left;
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (x, wide[i]);
            x += wide[i] + between;
        }

        return places;

        bool Hold()
        {
            if (least.Sum() >= all) return false;
            var lacking = Enumerable.Range(0, wide.Length).Where(i => !isHeld[i] && wide[i] < least[i]).ToArray();
            foreach (var i in lacking) isHeld[i] = true;
            return lacking.Length > 0;
        }
    }

    private void Totals()
    {
        var high = sheet.Totals.Sum(t => t.IsStrong ? 20 : Leading) + 8;
        if (y + high > Bottom) Begin();
        y += 6;
        foreach (var total in sheet.Totals)
        {
            var size = total.IsStrong ? 11 : Normal;
            if (total.IsStrong) page.Line(Left + (Right - Left) / 2, y + 2, Right, y + 2, 0.8);
            y += total.IsStrong ? 18 : Leading;
            page.Text(total.Label, Left + (Right - Left) / 2, y - 2, size, total.IsStrong, total.IsStrong ? 0 : 0.25);
            page.TextTo(total.Value, Right, y - 2, size, total.IsStrong);
        }
    }

    private void Remarks()
    {
        y += 16;
        foreach (var line in sheet.Remarks.SelectMany(r => PdfPage.Wrap(r, Right - Left, Normal)))
        {
            if (y + Leading > Bottom) Begin();
            page.Text(line, Left, y + 8, Normal);
            y += Leading;
        }
    }

    /// How many pages there are is known at the end only.
    private void Feet()
    {
        for (var i = 0; i < file.Pages.Count; i++)
        {
            var foot = file.Pages[i];
            var at = Bottom + 16;
            foot.Line(Left, at - 9, Right, at - 9, 0.3, 0.6);
            foreach (var line in PdfPage.Wrap(head.Foot.Length > 0 ? head.Foot : company, PdfPage.Millimetres(140), Small).Take(3))
            {
                foot.Text(line, Left, at, Small, grey: 0.35);
                at += 9.5;
            }

            foot.TextTo($"{sheet.Tongue.Say("page")} {i + 1} {sheet.Tongue.Say("of")} {file.Pages.Count}", Right, Bottom + 16, Small, grey: 0.35);
        }
    }

    /// A Code 128 that keeps within its width, with ten modules of quiet at both ends.
    internal static void Bars(PdfPage page, string text, double x, double top, double wide, double high, bool withText, bool isGs1 = false, double widest = 1.1)
    {
        if (!Code128.CanWrite(text)) return;
        var bars = Code128.Bars(text, isGs1);
        var module = Math.Min(widest, wide / (bars.Sum() + 20));
        var at = x + 10 * module;
        for (var i = 0; i < bars.Count; i++)
        {
            if (i % 2 == 0) page.Fill(at, top, bars[i] * module, high);
            at += bars[i] * module;
        }

        if (withText) page.Text(text, x + 10 * module, top + high + 9, Small);
    }
}
