using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Keel.Kernel.Views;

/// What a person asks of a view: which rows, in which order, from where on. Every such question is an address, and every address a
/// question: `?q=mug&f.status=Reserved&f.total.ge=100&sort=-placed&after=…`.
public sealed record ViewQuery
{
    public const int DefaultSize = 50;
    public const int MaxSize = 200;
    public const int MaxFilters = 20;
    public const int MaxValues = 100;

    public static readonly ViewQuery All = new();

    public string? Search { get; init; }
    public IReadOnlyList<ViewFilter> Filters { get; init; } = [];
    public string? Sort { get; init; }
    public bool Descending { get; init; }
    public PageKey? After { get; init; }
    public PageKey? Before { get; init; }
    public int Size { get; init; } = DefaultSize;

    /// The column for whose values the rows are counted and summed, instead of shown one by one.
    public string? Group { get; init; }

    /// The columns that somebody chose to see; empty for all.
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// Reads an address. What does not begin with `f.` and is not ours belongs to somebody else and is left alone.
    public static Result<ViewQuery> Parse(ViewInfo info, IEnumerable<KeyValuePair<string, StringValues>> address)
    {
        var query = new ViewQuery();
        var filters = new List<ViewFilter>();
        foreach (var (name, values) in address)
        {
            var text = values.ToString();
            if (text.Contains('\0', StringComparison.Ordinal)) return ViewErrors.BadText;
            if (name.StartsWith("f.", StringComparison.Ordinal))
            {
                var filter = ViewFilter.Parse(info, name[2..], values);
                if (!filter.Ok) return filter.Error!;
                if (filter.Value.Values.Count > 0) filters.Add(filter.Value);
                continue;
            }

            var next = query.With(info, name, text);
            if (!next.Ok) return next.Error!;
            query = next.Value;
        }

        if (filters.Count > MaxFilters) 
            return Error.Invalid("view.too-many-filters", $"At most {MaxFilters} filters can be combined. Remove some.");
        return query with { Filters = filters };
    }

    /// Reads an address written as one text, with or without its question mark.
    public static Result<ViewQuery> Parse(ViewInfo info, string address) =>
        Parse(info, Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address));

    /// The address of this question, without a question mark; empty for the plain list.
    public override string ToString()
    {
        var parts = new List<string>();
        void Add(string name, string? value)
        {
            if (string.IsNullOrEmpty(value)) return;
            parts.Add($"{name}={Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal)}");
        }

        Add("q", Search);
        foreach (var filter in Filters) Add(filter.Name, string.Join(',', filter.Values.Select(ViewFilter.Escape)));
        if (Sort is not null) Add("sort", (Descending ? "-" : "") + Sort);
        Add("group", Group);
        Add("cols", string.Join(',', Columns));
        if (Size != DefaultSize) Add("size", Size.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add("after", After?.ToString());
        Add("before", Before?.ToString());
        return string.Join('&', parts);
    }

    /// The same question from the first row on.
    public ViewQuery FromStart() => this with { After = null, Before = null };

    public ViewQuery Without(ViewFilter filter) => FromStart() with { Filters = [.. Filters.Where(f => f != filter)] };

    /// Sorted by a column; asked again, the other way round.
    public ViewQuery SortedBy(ViewColumn column, ViewInfo info)
    {
        var (current, descending) = Order(info);
        return FromStart() with { Sort = column.Name, Descending = current.Name == column.Name && !descending };
    }

    /// The column that it is sorted by, and which way.
    public (ViewColumn Column, bool Descending) Order(ViewInfo info)
    {
        if (Sort is not null && info.Column(Sort) is { } chosen) return (chosen, Descending);
        var usual = info.Sort.TrimStart('-');
        return info.Column(usual) is { } column ? (column, info.Sort.StartsWith('-')) : (info.Key, true);
    }

    private Result<ViewQuery> With(ViewInfo info, string name, string text)
    {
        if (text.Length == 0) return this;
        switch (name)
        {
            case "q":
                return this with { Search = text.Length > 100 ? text[..100] : text };
            case "sort":
                var column = info.Column(text.TrimStart('-'));
                if (column is null) return ViewErrors.NoColumn(text.TrimStart('-'), info);
                if (!column.IsComparable) return ViewErrors.NotFilterable(column.Name);
                return this with { Sort = column.Name, Descending = text.StartsWith('-') };
            case "group":
                var by = info.Column(text);
                if (by is null) return ViewErrors.NoColumn(text, info);
                return by.IsGroupable ? this with { Group = by.Name } : ViewErrors.NotGroupable(by.Name);
            case "cols":
                var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                var unknown = Array.Find(names, n => info.Column(n) is null);
                if (unknown is null) return this with { Columns = [.. names.Select(n => info.Column(n)!.Name)] };
                return ViewErrors.NoColumn(unknown, info);
            case "size":
                return int.TryParse(text, out var size) && size is > 0 and <= MaxSize
                    ? this with { Size = size }
                    : Error.Invalid("view.bad-size", $"A page has 1 to {MaxSize} rows, not '{text}'.");
            case "after":
                return PageKey.TryParse(text) is { } after ? this with { After = after, Before = null } : ViewErrors.BadPage(text);
            case "before":
                return PageKey.TryParse(text) is { } before ? this with { Before = before, After = null } : ViewErrors.BadPage(text);
            default:
                return this;
        }
    }
}

/// A place in a list: the sort value and the key of the row beside it, and how many rows stand before.
public sealed record PageKey(string? SortValue, string Key, int Rank)
{
    public static PageKey? TryParse(string text)
    {
        try
        {
            var padded = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
            using var json = JsonDocument.Parse(Convert.FromBase64String(padded));
            var parts = json.RootElement;
            if (parts.ValueKind is not JsonValueKind.Array || parts.GetArrayLength() != 3) return null;
            if (parts[1].GetString() is not { } key) return null;
            return new PageKey(parts[0].GetString(), key, Math.Max(0, parts[2].GetInt32()));
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public override string ToString()
    {
        var json = JsonSerializer.Serialize(new object?[] { SortValue, Key, Rank });
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
