using System.Globalization;
using System.Text;
using Keel.Printing.Contract;

namespace Keel.Printing.Labels;

/// A label in ZPL, the language of label printers. Texts travel as hexadecimal, so that no name can hold a command.
internal static class Zpl
{
    public static string Write(LabelSheet label, int dpi, int copies = 1)
    {
        int Dots(int tenths) => (int)Math.Round(tenths * dpi / 254.0);
        var zpl = new StringBuilder();
        zpl.Append(CultureInfo.InvariantCulture, $"^XA\n^CI28\n^PW{Dots(label.WidthMm * 10)}\n^LL{Dots(label.HeightMm * 10)}\n^LH0,0\n");
        foreach (var mark in label.Marks)
        {
            var quiet = 0;
            var field = "";
            switch (mark)
            {
                case LabelText text:
                    var (height, fits) = LabelPdf.Fit(text);
                    // The printer's own letters have one weight: bold is a little wider.
                    field = string.Create(CultureInfo.InvariantCulture, $"^A0N,{Dots(height)},{Dots(text.IsBold ? height * 11 / 10 : height * 9 / 10)}^FH_^FD{Hex(fits)}^FS");
                    break;
                case LabelBars bars:
                    var modules = Code128.Bars(bars.Text, bars.IsGs1).Sum() + 20;
                    var module = Math.Clamp(Dots(bars.Width) / modules, 1, 10);
                    // Ten modules of quiet stand before the first bar, as on paper.
                    quiet = 10 * module;
                    field = string.Create(CultureInfo.InvariantCulture, $"^BY{module}^BCN,{Dots(bars.Height)},N,N,N,N^FD{Encoded(bars)}^FS");
                    break;
                case LabelSquare square:
                    var side = LabelPdf.Squares(square.Text).Length - 8;
                    field = string.Create(CultureInfo.InvariantCulture, $"^BQN,2,{Math.Clamp(Dots(square.Side) / side, 1, 10)}^FH_^FDMA,{Hex(square.Text)}^FS");
                    break;
                case LabelRule rule:
                    var (wide, high) = (Math.Max(1, Dots(rule.Width)), Math.Max(1, Dots(rule.Height)));
                    field = string.Create(CultureInfo.InvariantCulture, $"^GB{wide},{high},{Math.Min(wide, high)}^FS");
                    break;
            }

            zpl.Append(CultureInfo.InvariantCulture, $"^FO{Dots(mark.X) + quiet},{Dots(mark.Y)}{field}\n");
        }

        return zpl.Append(CultureInfo.InvariantCulture, $"^PQ{copies}\n^XZ\n").ToString();
    }

    /// The symbol's values in the words of the printer, so that it draws the bars that we have drawn: subsets and FNC1 are ours to choose.
    private static string Encoded(LabelBars bars)
    {
        var values = Code128.Values(bars.Text, bars.IsGs1);
        var inC = values[0] == 105;
        var said = new StringBuilder(inC ? ">;" : ">:");
        foreach (var value in values.Skip(1).Take(values.Count - 3))
        {
            if (value == 102) said.Append(">8");
            else if (inC && value == 100) (inC, _) = (false, said.Append(">6"));
            else if (inC) said.Append(value.ToString("D2", CultureInfo.InvariantCulture));
            else if (value == 99) (inC, _) = (true, said.Append(">5"));
            else said.Append(Letter((char)(value + ' ')));
        }

        return said.ToString();
    }

    /// Letters that are commands of the printer have other names in a code.
    private static string Letter(char letter) => letter switch { '>' => ">0", '~' => ">=", '^' => "><", _ => letter.ToString() };

    private static string Hex(string text)
    {
        var said = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= (byte)' ' and < 0x7F and not ((byte)'^' or (byte)'~' or (byte)'_' or (byte)'\\')) said.Append((char)b);
            else said.Append(CultureInfo.InvariantCulture, $"_{b:X2}");
        }

        return said.ToString();
    }
}
