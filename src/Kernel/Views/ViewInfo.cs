using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Keel.Kernel.Views;

/// How a column is read, and so on which side it stands.
public enum ColumnKind
{
    Text,
    Code,
    Number,
    Money,
    Day,
    Instant,
    Choice,
    Flag,
}

/// One column of a view, as its row type declares it.
public sealed record ViewColumn
{
    public required PropertyInfo Property { get; init; }
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required ColumnKind Kind { get; init; }
    public required bool IsKey { get; init; }

    /// The permission without which the column is not there.
    public string? Guard { get; init; }

    public required bool IsPersonal { get; init; }
    public required bool IsSearched { get; init; }
    public required bool MayBeNull { get; init; }

    /// Its codes are read as words.
    public bool IsSpoken { get; init; }

    /// Its texts are sentences, made in the database: said as they are.
    public bool IsSentence { get; init; }

    /// What people say of a row that has no value here.
    public string? Empty { get; init; }

    /// A key that only programs read: no filter, no group, and in no file that a person takes.
    public bool IsTechnical => Type == typeof(Guid) || typeof(IId).IsAssignableFrom(Type);

    /// The column's name in the view's SQL.
    public string Sql => Snake.Of(Property.Name);

    /// The type without its "may be null".
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// Figures stand at the right, one under the other.
    public bool AlignsRight => Kind is ColumnKind.Number or ColumnKind.Money;

    /// Whether the value can be compared, and so filtered and sorted.
    public bool IsComparable => ColumnText.Knows(Type);

    /// Whether rows can be counted and summed for each of its values: words, codes, states, days; not figures, and not keys that are each once.
    public bool IsGroupable => IsComparable && !IsKey && !AlignsRight && !IsTechnical;

    /// Whether its values make a sum: amounts and quantities.
    public bool IsSummed => Type == typeof(Money) || Type == typeof(Quantity);
}

/// What a view declares: its name, permission, columns and key. Read once from its types.
public sealed record ViewInfo
{
    private static readonly ConcurrentDictionary<Type, ViewInfo> Known = new();
    private static readonly FrozenSet<string> Acronyms = FrozenSet.Create(
        StringComparer.Ordinal, "sku", "asn", "rma", "atp", "grni", "gtin", "vat", "url", "csv", "fifo", "avco");

    public required string Name { get; init; }
    public required string Permission { get; init; }
    public required string Sort { get; init; }
    public required Type Row { get; init; }
    public required Type? Args { get; init; }
    public required IReadOnlyList<ViewColumn> Columns { get; init; }

    /// All columns, whoever looks.
    internal IReadOnlyList<ViewColumn> Whole { get; init; } = [];

    /// The conditions under which rows are within reach: by their sites and channels, else by the documents that their keys name.
    internal IEnumerable<SqlText> Within(Reach reach, ModuleCatalog catalog)
    {
        if (!reach.IsLimited) return [];
        var (sites, channels) = (Whole.Where(c => c.Type == typeof(NodeCode)).ToArray(), Whole.Where(c => c.Type == typeof(ChannelCode)).ToArray());
        var keys = Whole.Where(c => c.Type == typeof(Guid) || typeof(IId).IsAssignableFrom(c.Type));
        if ((reach.Nodes is null || sites.Length > 0) && (reach.Channels is null || channels.Length > 0)) keys = keys.Where(k => !k.IsKey);
        return
        [
            .. reach.Nodes is { } nodes ? sites.Select(c => Reach.Holds("v." + c.Sql, nodes)) : [],
            .. reach.Channels is { } own ? channels.Select(c => Reach.Holds("v." + c.Sql, own)) : [],
            .. keys.SelectMany(k => Scopes.Conditions(catalog, reach, "v." + k.Sql)),
        ];
    }

    /// Whether a visible column says something about a person.
    public bool HasPersonal => Columns.Any(c => c.IsPersonal);

    /// The names that the view's SQL gives to all columns of the row, those of small records in it too.
    internal IReadOnlyList<(string Name, string Property)> AllNames { get; init; } = [];

    /// Those of the visible columns.
    internal IEnumerable<string> Names => AllNames.Where(n => Columns.Any(c => c.Property.Name == n.Property)).Select(n => n.Name);

    /// The column with the currency of a money column.
    internal string? CurrencyOf(ViewColumn money) =>
        (Columns.FirstOrDefault(c => c.Property.Name == money.Property.Name + "Currency")
            ?? Columns.FirstOrDefault(c => c.Property.Name == "Currency"))?.Sql;

    /// The columns that a grouped list sums.
    internal IReadOnlyList<ViewColumn> Summed => [.. Columns.Where(c => c.IsSummed && (c.Kind is not ColumnKind.Money || CurrencyOf(c) is not null))];

    /// The currencies of their amounts.
    internal string[] SummedCurrencies => [.. Summed.Where(c => c.Kind is ColumnKind.Money).Select(c => CurrencyOf(c)!).Distinct()];

    /// The column that tells rows apart, and ends every sort order.
    public ViewColumn Key => Columns.First(c => c.IsKey);

    public static ViewInfo Of(Type view) => Known.GetOrAdd(view, Read);
    public static ViewInfo Of<TView>() => Of(typeof(TView));

    /// The same without what this person may not see.
    public ViewInfo For(Viewer viewer) => this with { Columns = [.. Columns.Where(viewer.Sees)] };

    /// A column by its name in an address: `ship-by`, `shipBy` and `ShipBy` are the same.
    public ViewColumn? Column(string name)
    {
        var plain = name.Replace("-", "", StringComparison.Ordinal);
        return Columns.FirstOrDefault(c => string.Equals(c.Property.Name, plain, StringComparison.OrdinalIgnoreCase));
    }

    /// `ShipBy` as people read it: Ship by.
    public static string Spoken(string name)
    {
        var words = Kebab(name).Split('-').Select(w => Acronyms.Contains(w) ? w.ToUpperInvariant() : w);
        var spoken = string.Join(' ', words);
        return spoken.Length == 0 ? "" : char.ToUpperInvariant(spoken[0]) + spoken[1..];
    }

    /// `ShipBy` as an address writes it: ship-by.
    public static string Kebab(string name) => Snake.Of(name).Replace('_', '-');

    private static ViewInfo Read(Type view)
    {
        var contract = view.GetInterfaces().FirstOrDefault(i => i.IsGenericType
            && (i.GetGenericTypeDefinition() == typeof(IView<>) || i.GetGenericTypeDefinition() == typeof(IView<,>)))
            ?? throw new InvariantBroken($"{view.Name} is not a view: it does not implement IView.");
        var named = view.GetCustomAttribute<ViewAttribute>() ?? throw new InvariantBroken($"{view.Name} has no [View] with its name.");
        var row = contract.GetGenericArguments()[0];
        var columns = row.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && !p.IsDefined(typeof(NotAColumnAttribute)))
            .ToArray();
        var key = columns.FirstOrDefault(p => p.IsDefined(typeof(KeyAttribute))) ?? columns.FirstOrDefault(p => p.Name is "Id")
            ?? throw new InvariantBroken($"The rows of {view.Name} have no Id and no [Key].");
        return new ViewInfo
        {
            Name = named.Name, Permission = named.Permission, Sort = named.Sort ?? "-" + Kebab(key.Name), Row = row,
            Args = contract.GetGenericArguments().ElementAtOrDefault(1), Columns = [.. columns.Select(p => ColumnOf(p, p == key))],
            AllNames = NamesOf(row), Whole = [.. columns.Select(p => ColumnOf(p, p == key))],
        };
    }

    private static (string, string)[] NamesOf(Type row) =>
        ((string, string)[])typeof(ViewInfo).GetMethod(nameof(NamesIn), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(row).Invoke(null, null)!;

    private static (string, string)[] NamesIn<T>() => [.. RowMap<T>.Instance.Columns.Select(c => (c.Name, c.Property.Split('.')[0]))];

    private static ViewColumn ColumnOf(PropertyInfo property, bool isKey) => new()
    {
        Property = property,
        Name = Kebab(property.Name),
        Title = property.GetCustomAttribute<TitleAttribute>()?.Text ?? Spoken(property.Name),
        Kind = KindOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType),
        IsKey = isKey,
        IsSpoken = property.GetCustomAttribute<SpokenAttribute>() is { Sentence: false },
        IsSentence = property.Name is "Next" || property.GetCustomAttribute<SpokenAttribute>() is { Sentence: true },
        Empty = property.GetCustomAttribute<TitleAttribute>()?.Empty,
        Guard = property.GetCustomAttribute<GuardedAttribute>()?.Permission,
        IsPersonal = property.IsDefined(typeof(PersonalAttribute)),
        IsSearched = property.IsDefined(typeof(SearchAttribute)),
        MayBeNull = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || (!property.PropertyType.IsValueType && IsNullable(property)),
    };

    private static bool IsNullable(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).ReadState is not NullabilityState.NotNull;

    private static ColumnKind KindOf(Type type)
    {
        if (type == typeof(Money) || type == typeof(UnitPrice)) return ColumnKind.Money;
        if (type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(decimal) || type == typeof(Quantity))
            return ColumnKind.Number;
        if (type == typeof(DateOnly)) return ColumnKind.Day;
        if (type == typeof(DateTimeOffset)) return ColumnKind.Instant;
        if (type == typeof(bool)) return ColumnKind.Flag;
        if (type.IsEnum) return ColumnKind.Choice;
        return type == typeof(string) ? ColumnKind.Text : ColumnKind.Code;
    }
}
