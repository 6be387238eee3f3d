using Keel.Ui;

namespace Keel.Printing.Contract;

/// Buttons for papers on records and lists of other modules.
public static class PaperActs
{
    /// Sends the paper of one record, or of several, to its printer.
    public static Act Print(string label, string paper, params IEnumerable<Guid> subjects) =>
        Act.On("printing.print", label, PrintingPermissions.Print, [("paper", paper), .. subjects.Select(s => ("subjects", (object?)s))]) with { Icon = "file" };

    /// The same for a record that has a code.
    public static Act Print(string label, string paper, string code) =>
        Act.On("printing.print", label, PrintingPermissions.Print, ("paper", paper), ("subjects", code)) with { Icon = "file" };

    /// The same for the selected rows of a list.
    public static Act PrintSelected(string label, string paper) => Act.On("printing.print", label, PrintingPermissions.Print, ("paper", paper)) with { Selection = "subjects" };

    /// Opens the paper in the browser.
    public static Act Open(string label, string paper, string key, string permission) => Act.Go(label, $"/print/{paper}/{Uri.EscapeDataString(key)}", permission) with { IsFile = true };
}
