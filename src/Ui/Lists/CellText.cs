using System.Globalization;
using Keel.Kernel.Views;
using Microsoft.AspNetCore.Components.Rendering;

namespace Keel.Ui;

/// A value in a cell.
internal static class CellText
{
    /// As plain text.
    public static string Plain(object? value, Told told, bool unitInHeader) => value switch
    {
        null => "",
        Money money => unitInHeader ? Figures.Plain(money) : Figures.Of(money),
        UnitPrice price => unitInHeader ? Figures.Plain(price) : Figures.Of(price),
        int number => Figures.Of((long)number),
        long number => Figures.Of(number),
        short number => Figures.Of((long)number),
        decimal number => Figures.Of(number),
        DateOnly day => told.On(day),
        DateTimeOffset instant => told.At(instant),
        Enum or bool => Word(value),
        Quantity quantity => Figures.Of(quantity),
        _ => value.ToString() ?? "",
    };

    /// A state, a choice, yes or no.
    public static string Word(object value) =>
        Words.Of(value is Enum choice ? Shown.Of(choice)?.Word ?? ViewInfo.Spoken(choice.ToString()) : value is true ? "Yes" : "No");

    /// A sentence, or a code that is read as words.
    public static string Said(string text, bool isSentence) => Words.Of(isSentence ? text : ViewInfo.Spoken(text));

    /// With its marks.
    public static void Draw(RenderTreeBuilder b, object? value, Told told, bool unitInHeader, bool isDeadline, bool isSigned)
    {
        switch (value)
        {
            case Enum choice when Shown.Of(choice) is { } shown:
                Ui.Draw.State(b, shown.Role, shown.Word);
                return;
            case Shown shown:
                Ui.Draw.State(b, shown.Role, shown.Word);
                return;
            case DateTimeOffset instant:
                Time(b, told.At(instant), instant.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), told.Exact(instant));
                if (isDeadline) Far(b, told.Far(instant, isDeadline: true), told.IsPast(instant));
                return;
            case DateOnly day:
                Time(
                    b, told.On(day), day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    day.ToString(Words.Of("ddd d MMM yyyy"), Words.Culture));
                if (isDeadline && day != told.Today) Far(b, told.Far(day, isDeadline: true), told.IsPast(day));
                return;
            case Money { IsZero: false } money when isSigned:
                Span(b, money.IsNegative ? "k-neg" : "k-pos", Plain(money, told, unitInHeader));
                return;
            case Quantity { IsZero: true } or 0 or 0L:
                Span(b, "k-3", Plain(value, told, unitInHeader));
                return;
            default:
                b.AddContent(0, Plain(value, told, unitInHeader));
                return;
        }
    }

    private static void Time(RenderTreeBuilder b, string text, string exact, string title)
    {
        b.OpenElement(0, "time");
        b.AddAttribute(1, "datetime", exact);
        b.AddAttribute(2, "title", title);
        b.AddContent(3, text);
        b.CloseElement();
    }

    private static void Far(RenderTreeBuilder b, string text, bool isPast)
    {
        b.AddContent(4, " ");
        Span(b, isPast ? "k-late-text" : "k-3", text);
    }

    private static void Span(RenderTreeBuilder b, string css, string text)
    {
        b.OpenElement(5, "span");
        b.AddAttribute(6, "class", css);
        b.AddContent(7, text);
        b.CloseElement();
    }
}
