namespace Keel.Printing.Contract;

/// What stands on a paper, before anybody knows how it is laid out.
public abstract record Sheet(string Title, string Number);

/// A document in pages: who to, what about, lines, sums, remarks. Words are in its language already.
public sealed record DocumentSheet(string Title, string Number, Tongue Tongue) : Sheet(Title, Number)
{
    /// Who gets it, as the window of an envelope shows it.
    public IReadOnlyList<string> To { get; init; } = [];

    public IReadOnlyList<SheetFact> Facts { get; init; } = [];

    public IReadOnlyList<SheetColumn> Columns { get; init; } = [];

    /// The cells of each line, one for each column.
    public IReadOnlyList<IReadOnlyList<string>> Lines { get; init; } = [];

    public IReadOnlyList<SheetTotal> Totals { get; init; } = [];

    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// What scanners read at the top, such as the number of the shipment.
    public string? Barcode { get; init; }

    /// Its date of issue, which the file says too.
    public required DateOnly Day { get; init; }
}

/// Something that the head says of a document: a word and its value.
public sealed record SheetFact(string Label, string Value);

/// A column of a document's lines. Shares divide the width; amounts and quantities stand right.
public sealed record SheetColumn(string Title, int Share, bool IsRight = false)
{
    /// Its cells are codes that a scanner reads.
    public bool IsBarcode { get; init; }
}

/// A sum under the lines; the strong one is what counts.
public sealed record SheetTotal(string Label, string Value, bool IsStrong = false);

/// A label of a fixed size in millimetres, with what stands where on it. Places are tenths of a millimetre from its upper left corner.
public sealed record LabelSheet(string Title, string Number, int WidthMm, int HeightMm, IReadOnlyList<LabelMark> Marks) : Sheet(Title, Number);

/// Something on a label.
public abstract record LabelMark(int X, int Y);

/// A line of text; what does not fit its width is set smaller, down to six tenths, and then cut.
public sealed record LabelText(int X, int Y, int Height, int Width, string Text, bool IsBold = false) : LabelMark(X, Y);

/// A Code 128, with GS1's mark in front where the text is made of application identifiers.
public sealed record LabelBars(int X, int Y, int Width, int Height, string Text, bool IsGs1 = false) : LabelMark(X, Y);

/// A QR code in a square.
public sealed record LabelSquare(int X, int Y, int Side, string Text) : LabelMark(X, Y);

/// A rule across or down, as thick as its smaller side.
public sealed record LabelRule(int X, int Y, int Width, int Height) : LabelMark(X, Y);
