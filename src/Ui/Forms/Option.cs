namespace Keel.Ui;

/// Something to choose: the value that is sent, and what people read.
public sealed record Option(string Value, string Text)
{
    /// Every member of an enum, as people say it.
    public static IReadOnlyList<Option> Of(Type choice) =>
        [.. Enum.GetValues(choice).Cast<Enum>()
            .Select(e => new Option(FormField.Written(e), Words.Of(Shown.Of(e)?.Word ?? Kernel.Views.ViewInfo.Spoken(e.ToString()))))];
}
