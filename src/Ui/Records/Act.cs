using System.Collections;
using System.Reflection;
using System.Text.Json;
using Keel.Kernel.Views;

namespace Keel.Ui;

/// Something that a person can do from here: run an operation, or go to the page that asks for more. Absent for those who may not.
public sealed record Act(string Label)
{
    /// The operation's name, `sales.reserve-orders`; null for a link.
    public string? Operation { get; init; }
    public string Permission { get; init; } = "";

    /// What else must hold of who looks, where the permission alone does not say it.
    public Func<Viewer, bool>? If { get; init; }

    /// True for who may do it: nobody else is offered it.
    public bool IsFor(Viewer viewer) => viewer.May(Permission) && If?.Invoke(viewer) != false;

    /// Where the form of this operation is, when it needs to ask something first.
    public string? Href { get; init; }

    /// What it opens is a file, beside the page: a paper.
    public bool IsFile { get; init; }

    /// What it opens is a file to keep: it is downloaded, and the page is loaded again to say so.
    public bool IsDownload { get; init; }

    /// The letter that runs it.
    public string? Key { get; init; }
    public string? Icon { get; init; }

    /// The one filled button of the screen.
    public bool IsMain { get; init; }

    /// The operation that the page behind a link is about: who would have to say yes to it is shown.
    public string? For { get; init; }

    /// Fields of the request that are already known.
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// Why it cannot be done now; it stands beside the button.
    public string? Why { get; init; }

    /// What would make it possible: a label and an address.
    public (string Label, string Href)? WayOut { get; init; }

    /// Who must say yes, where somebody must.
    public string? Approver { get; init; }

    /// What is asked before it is done, naming the thing; null runs at once.
    public string? Confirm { get; init; }

    /// The field of the request that a person fills in before it is done, such as `reason`; `Confirm` is the question.
    public string? Asks { get; init; }

    /// What the asked field may be, where it is a choice: the value, and what people read.
    public IReadOnlyList<(string Value, string Label)> Choices { get; init; } = [];

    /// Among the choices, the words for a time that a person says by themselves; null where there is none.
    public string? OwnTime { get; init; }

    /// Words that are offered for the asked field; others may be typed.
    public IReadOnlyList<string> Offers { get; init; } = [];

    /// The field of the request that takes the selected rows of a list.
    public string? Selection { get; init; }

    /// As the dialog that asks reads them.
    internal string? ChoicesText => Choices.Count == 0 ? null
        : JsonSerializer.Serialize(Choices.Select(c => new[] { c.Value, Words.Of(c.Label) }).Concat(OwnTime is null ? [] : [[OwnTimeMark, OwnTime]]));

    /// The choice that asks for a time.
    private const string OwnTimeMark = "own-time";

    internal string? OffersText => Offers.Count == 0 ? null : JsonSerializer.Serialize(Offers);

    public string Url => Operation is { } name ? "/do/" + name.Replace('.', '/') : Href ?? "";

    /// Runs an operation on what the fields say: `Act.On<CancelOrder>("Cancel", ("order", order.Id))`.
    public static Act On<TOperation>(string label, params (string Field, object? Value)[] fields)
    {
        var operation = typeof(TOperation).GetCustomAttribute<OperationAttribute>()
            ?? throw new InvariantBroken($"{typeof(TOperation).Name} has no [Operation].");
        return new Act(label)
        {
            Operation = operation.Name,
            Permission = operation.Permission,
            Selection = SelectionOf(typeof(TOperation)),
            Fields = [.. fields.SelectMany(f => Written(f.Field, f.Value))],
        };
    }

    /// The name of an operation's class: `sales.reserve-orders`.
    public static string NameOf(Type operation) =>
        operation.GetCustomAttribute<OperationAttribute>()?.Name ?? throw new InvariantBroken($"{operation.Name} has no [Operation].");

    /// Runs an operation that this assembly knows by name only.
    public static Act On(string operation, string label, string permission, params (string Field, object? Value)[] fields) =>
        new(label) { Operation = operation, Permission = permission, Fields = [.. fields.SelectMany(f => Written(f.Field, f.Value))] };

    /// Goes to a page, for those who may do what it is for.
    public static Act Go(string label, string href, string permission = "") => new(label) { Href = href, Permission = permission };

    /// Goes to the page that asks for an operation, for those who may run it.
    public static Act Go<TOperation>(string label, string href)
    {
        var operation = typeof(TOperation).GetCustomAttribute<OperationAttribute>() ?? throw new InvariantBroken($"{typeof(TOperation).Name} has no [Operation].");
        return new(label) { Href = href, Permission = operation.Permission, For = operation.Name };
    }

    /// A way out of a case, with the subject's id filled in.
    public static Act Out(CaseWay way, DocumentRef subject) => new(way.Label)
    {
        Operation = way.Operation, Permission = way.Permission, Href = way.HrefFor(subject), Asks = way.Asks, Confirm = way.Question,
        Fields = way.Field is { } field ? [new(field, FormField.Written(subject.Id))] : [],
    };

    /// The first list in a request is what the selected rows go into.
    private static string? SelectionOf(Type operation)
    {
        var contract = Array.Find(
            operation.GetInterfaces(), i => i.IsGenericType && i.Name.EndsWith("Operation`2", StringComparison.Ordinal));
        var list = contract?.GetGenericArguments()[0].GetProperties()
            .FirstOrDefault(p => p.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(p.PropertyType));
        return list is null ? null : FormField.Name(list.Name);
    }

    private static IEnumerable<KeyValuePair<string, string>> Written(string field, object? value) => value switch
    {
        null => [],
        string text => [new(field, text)],
        IEnumerable several => several.Cast<object>().Select(one => new KeyValuePair<string, string>(field, FormField.Written(one))),
        _ => [new(field, FormField.Written(value))],
    };
}
