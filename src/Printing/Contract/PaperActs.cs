using Keel.Ui;

namespace Keel.Printing.Contract;

/// Buttons for papers on records and lists of other modules.
public static class PaperActs
{
    /// Sends the paper of one record, or of several, to its printer. Offered to those who may print this paper.
    public static Act Print(string label, PaperKind paper, params IEnumerable<Guid> subjects) =>
        Asking(label, paper, [.. subjects.Select(s => ("subjects", (object?)s))]) with { Icon = "file" };

    /// The same for a record that has a code.
    public static Act Print(string label, PaperKind paper, string code) => Asking(label, paper, [("subjects", code)]) with { Icon = "file" };

    /// The same for the selected rows of a list.
    public static Act PrintSelected(string label, PaperKind paper) => Asking(label, paper, []) with { Selection = "subjects" };

    /// Opens the paper in the browser, for those who may see what stands on it.
    public static Act Open(string label, PaperKind paper, string key) =>
        Act.Go(label, $"/print/{paper.Name}/{Uri.EscapeDataString(key)}", paper.Permission) with { IsFile = true, If = viewer => paper.IsFor(viewer.May) };

    private static Act Asking(string label, PaperKind paper, (string, object?)[] subjects) =>
        Act.On("printing.print", label, PrintingPermissions.Print, [("paper", paper.Name), .. subjects]) with { If = viewer => paper.IsPrintedBy(viewer.May) };
}
