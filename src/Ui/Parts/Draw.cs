using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Keel.Ui;

/// The small marks, written straight into the page: a list of two hundred rows has a thousand of them.
public static class Draw
{
    /// The address of our icon sheet; a new build has a new one, so that browsers may keep it for ever.
    public static readonly string Sheet = Asset.Url("/icons.svg");

    public static RenderFragment Icon(string name, bool small = false) => b => Icon(b, name, small);

    public static RenderFragment State(StateRole role, string word, bool pill = false) => b => State(b, role, word, pill);

    public static void Icon(RenderTreeBuilder b, string name, bool small = false)
    {
        b.OpenElement(0, "svg");
        b.AddAttribute(1, "class", small ? "k-i s" : "k-i");
        b.AddAttribute(2, "aria-hidden", "true");
        b.AddMarkupContent(3, $"<use href=\"{Sheet}#i-{name}\"></use>");
        b.CloseElement();
    }

    public static void State(RenderTreeBuilder b, StateRole role, string word, bool pill = false)
    {
        b.OpenElement(0, "span");
        b.AddAttribute(1, "class", pill ? "k-state pill" : "k-state");
        b.AddAttribute(2, "data-state", Name(role));
        Glyph(b, role);
        b.AddContent(4, Words.Of(word));
        b.CloseElement();
    }

    public static void Glyph(RenderTreeBuilder b, StateRole role) =>
        b.AddMarkupContent(3, $"<svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><use href=\"{Sheet}#s-{Name(role)}\"></use></svg>");

    /// The role as the style sheet names it.
    public static string Name(StateRole role) => role switch
    {
        StateRole.Late => "late",
        StateRole.Waiting => "waiting",
        StateRole.Ready => "ready",
        StateRole.Working => "working",
        StateRole.Held => "held",
        StateRole.Done => "done",
        _ => "idle",
    };
}

/// Addresses of our own files, with the build's mark.
public static class Asset
{
    private static readonly string Mark = typeof(Asset).Assembly.ManifestModule.ModuleVersionId.ToString("N")[..8];

    public static string Url(string path) => $"{path}?v={Mark}";
}
