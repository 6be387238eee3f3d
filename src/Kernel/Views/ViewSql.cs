using System.Globalization;

namespace Keel.Kernel.Views;

/// A question put to a view, as SQL: the view's own text in brackets, and around it only the visible columns, the filters, the search,
/// the order and the page. Column names come from the row type, values travel as parameters.
internal sealed class ViewSql(ViewInfo info, FormattableString rows, ViewQuery query, ViewMoment moment, IReadOnlyList<SqlText>? within = null)
{
    /// The rows of one page and one more, so that it is known whether it goes on. Paging back reads the other way round.
    public Result<SqlText> Page()
    {
        var (column, descending) = query.Order(info);
        var falls = descending != query.Before is not null;
        var where = Where(query.Before ?? query.After, column, falls);
        if (!where.Ok) return where.Error!;

        var way = falls ? " desc" : "";
        var order = column.IsKey ? $"v.{info.Key.Sql}{way}" : $"v.{column.Sql}{way}, v.{info.Key.Sql}{way}";
        return From().Append(where.Value).Words($"\norder by {order}\nlimit ").Append($"{query.Size + 1}");
    }

    /// Every row that answers, in order: for files.
    public Result<SqlText> All() => All(From());

    /// The rows that answer, counted and summed for each value of a column and each currency: of the largest groups, and one more.
    public Result<SqlText> Groups(ViewColumn by)
    {
        var where = Where(null, info.Key, falls: false);
        if (!where.Ok) return where.Error!;
        var isTime = by.Kind is ColumnKind.Day or ColumnKind.Instant;
        var order = isTime ? "value desc nulls last" : "count desc, value nulls last";
        var sql = new SqlText().Words("with parts as (select ");
        if (by.Type == typeof(DateTimeOffset)) sql.Words($"(v.{by.Sql} at time zone ").Append($"{moment.Zone.Id}").Words(")::date");
        else sql.Words("v." + by.Sql);
        sql.Words($" as value, count(*) as count, json_build_array({Each(info.Summed.Select(c => $"sum(v.{c.Sql})"))})::text as sums")
            .Words($", json_build_array({Each(info.SummedCurrencies.Select(c => "v." + c))})::text as currencies\nfrom (").Append(rows).Words(") v").Append(where.Value)
            .Words("\ngroup by 1" + string.Concat(info.SummedCurrencies.Select(c => ", v." + c)))
            .Words($"),\nmost as (select value, sum(count) as count from parts group by value order by {order} limit ").Append($"{ViewGroups.Most + 1}")
            .Words(")\nselect p.value::text as value, p.count, p.sums, p.currencies from parts p join most m on m.value is not distinct from p.value\norder by ")
            .Words(isTime ? "m.value desc nulls last" : "m.count desc, m.value nulls last");
        return sql;
    }

    /// The rows that answer, counted or summed up for each day, as a whole (the slice '') and for each value of a column: what a measure keeps.
    public Result<SqlText> Measured(ViewColumn? figure, ViewColumn? slice, ViewColumn? day, MeasureSpan span)
    {
        var where = Where(null, info.Key, falls: false);
        if (!where.Ok) return where.Error!;
        var sum = figure is null ? "count(m.day)::numeric" : figure.Type == typeof(Quantity) ? "coalesce(sum(m.figure), 0) / 1000" : "coalesce(sum(m.figure), 0)";
        var sql = new SqlText().Words($"select d.day::date as day, case when grouping(m.slice) = 1 then '' else coalesce(m.slice, '-') end as slice, {sum} as value from generate_series(")
            .Append($"{span.First}::date, {span.Last}::date").Words(", interval '1 day') d (day) left join (select ");
        if (day is null) sql.Append($"{span.Last}::date");
        else if (day.Type == typeof(DateTimeOffset)) sql.Words($"(v.{day.Sql} at time zone ").Append($"{span.Zone.Id}").Words(")::date");
        else sql.Words("v." + day.Sql);
        sql.Words($" as day, {(slice is null ? "null" : $"v.{slice.Sql}")}::text as slice, {(figure is null ? "null" : $"v.{figure.Sql}")}::numeric as figure from (").Append(rows).Words(") v").Append(where.Value);
        if (day is not null)
        {
            sql.Words(where.Value.Text.Length == 0 ? "\nwhere " : "\n  and ");
            if (day.Type == typeof(DateTimeOffset)) sql.Words($"v.{day.Sql} >= ").Append($"{moment.Midnight(span.First)}").Words($" and v.{day.Sql} < ").Append($"{moment.Midnight(span.Last.AddDays(1))}");
            else sql.Words($"v.{day.Sql} between ").Append($"{span.First} and {span.Last}");
        }

        return sql.Words(") m on m.day = d.day::date group by grouping sets ((d.day), (d.day, m.slice)) having grouping(m.slice) = 1 or count(m.day) > 0");
    }

    private static string Each(IEnumerable<string> parts) => string.Join(", ", parts);

    /// The keys of the rows that answer, and what people call them, as far as one operation goes.
    public Result<SqlText> Keys()
    {
        var name = info.Columns.FirstOrDefault(c => c.IsSearched) ?? info.Key;
        var keys = All(new SqlText().Words($"select v.{info.Key.Sql}::text as key, coalesce(v.{name.Sql}::text, '') as name\nfrom (").Append(rows).Words(") v"));
        return keys.Ok ? keys.Value.Words("\nlimit ").Append($"{MatchingRow.Most + 1}") : keys;
    }

    private Result<SqlText> All(SqlText from)
    {
        var where = Where(null, info.Key, falls: false);
        if (!where.Ok) return where.Error!;
        var (column, descending) = query.Order(info);
        var way = descending ? " desc" : "";
        return from.Append(where.Value).Words("\norder by " + (column.IsKey ? "" : $"v.{column.Sql}{way}, ") + $"v.{info.Key.Sql}{way}");
    }

    /// How many rows answer, counted no further than people care.
    public Result<SqlText> Count(int most = Counted.Most)
    {
        var where = Where(null, info.Key, falls: false);
        if (!where.Ok) return where.Error!;
        return new SqlText().Words("select count(*) from (select 1 from (").Append(rows).Words(") v").Append(where.Value)
            .Words("\nlimit ").Append($"{most + 1}").Words(") c");
    }

    private SqlText From() =>
        new SqlText().Words($"select {string.Join(", ", info.Names.Select(n => "v." + n))}\nfrom (").Append(rows).Words(") v");

    private Result<SqlText> Where(PageKey? edge, ViewColumn sorted, bool falls)
    {
        var all = new List<SqlText>(within ?? []);
        foreach (var filter in query.Filters)
        {
            var column = info.Column(filter.Column);
            if (column is null) return ViewErrors.NoColumn(filter.Column, info);
            if (!column.IsComparable) return ViewErrors.NotFilterable(column.Name);
            all.Add(Holds(column, filter));
        }

        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var searched = info.Columns.Where(c => c.IsSearched).ToArray();
            if (searched.Length == 0)
                return Error.Invalid("view.no-search", "This list cannot be searched. Filter one of its columns instead.");
            all.Add(Joined([.. searched.Select(c => Like(c, text, anywhere: false))], " or "));
        }

        if (edge is not null)
        {
            var beyond = Beyond(sorted, falls, edge);
            if (beyond is null) return ViewErrors.BadPage(edge.ToString());
            all.Add(beyond);
        }

        return all.Count == 0 ? new SqlText() : new SqlText().Words("\nwhere ").Append(Joined(all, "\n  and "));
    }

    private SqlText Holds(ViewColumn column, ViewFilter filter)
    {
        if (filter.Comparison is Comparison.Is)
            return new SqlText().Words($"v.{column.Sql} is {(filter.Values[0] is "empty" ? "null" : "not null")}");
        if (filter.Comparison is Comparison.Has or Comparison.Starts)
            return Like(column, filter.Values[0], filter.Comparison is Comparison.Has);
        if (column.Type == typeof(DateTimeOffset)) return InTime(column, filter);
        if (column.Type == typeof(DateOnly)) return InDays(column, filter);
        if (column.Type.IsEnum && filter.Comparison is Comparison.Eq or Comparison.Ne) return OneOf(column, filter);

        var values = filter.Values.Select(v => Read(column, v)).ToArray();
        return filter.Comparison switch
        {
            Comparison.Eq when values.Length == 1 => Compared(column, "=", values[0], filter.Values[0]),
            Comparison.Eq => new SqlText().Words($"v.{column.Sql} = any(").Append($"{values}").Words(")"),
            Comparison.Ne => new SqlText().Words($"(v.{column.Sql} <> all(").Append($"{values}").Words($") or v.{column.Sql} is null)"),
            Comparison.Gt => Compared(column, ">", values[0], filter.Values[0]),
            Comparison.Ge => Compared(column, ">=", values[0], filter.Values[0]),
            Comparison.Lt => Compared(column, "<", values[0], filter.Values[0]),
            _ => Compared(column, "<=", values[0], filter.Values[0]),
        };
    }

    /// States are written out, not sent as values: only then can the index of the rows in one state be chosen. They are names of an enum.
    private SqlText OneOf(ViewColumn column, ViewFilter filter)
    {
        var names = string.Join(", ", filter.Values.Select(v => $"'{Read(column, v)}'"));
        return new SqlText().Words(filter.Comparison is Comparison.Eq
            ? $"v.{column.Sql} in ({names})"
            : $"(v.{column.Sql} not in ({names}) or v.{column.Sql} is null)");
    }

    private object Read(ViewColumn column, string text)
    {
        return ColumnText.TryRead(column.Type, text, moment.Currency, out var value)
            ? value!
            : throw new InvariantBroken($"'{text}' passed the check of {column.Name}.");
    }

    /// `100 JPY` asks for that currency too, where the row has one.
    private SqlText Compared(ViewColumn column, string sign, object value, string text)
    {
        var sql = Compare(column, sign, value);
        if (column.Kind is not ColumnKind.Money) return sql;
        if (text.Split(' ') is not [_, var coin] || info.CurrencyOf(column) is not { } currency) return sql;
        return sql.Words($" and v.{currency} = ").Append($"{coin.ToUpperInvariant()}");
    }

    /// A word such as `month` means each of its days.
    private SqlText InDays(ViewColumn column, ViewFilter filter)
    {
        (DateOnly First, DateOnly Last) Span(string text) => ViewPeriod.Of(text, moment.Today) ?? ((DateOnly)Read(column, text), (DateOnly)Read(column, text));
        SqlText Within(string text)
        {
            var (from, to) = Span(text);
            return from == to ? Compare(column, "=", from) : new SqlText().Words($"v.{column.Sql} between ").Append($"{from}").Words(" and ").Append($"{to}");
        }

        var (first, last) = Span(filter.Values[0]);
        return filter.Comparison switch
        {
            Comparison.Ne => new SqlText().Words("not coalesce(").Append(Joined([.. filter.Values.Select(Within)], " or ")).Words(", false)"),
            Comparison.Gt => Compare(column, ">", last),
            Comparison.Ge => Compare(column, ">=", first),
            Comparison.Lt => Compare(column, "<", first),
            Comparison.Le => Compare(column, "<=", last),
            _ => Joined([.. filter.Values.Select(Within)], " or "),
        };
    }

    /// A day means all of it, in the zone of whoever asks; an instant means itself.
    private SqlText InTime(ViewColumn column, ViewFilter filter)
    {
        SqlText Within(string text)
        {
            var (first, last) = moment.Span(text);
            return first == last
                ? Compare(column, "=", first)
                : new SqlText().Words("(").Append(Compare(column, ">=", first)).Words(" and ")
                    .Append(Compare(column, "<", last)).Words(")");
        }

        var (from, to) = moment.Span(filter.Values[0]);
        return filter.Comparison switch
        {
            Comparison.Ne => new SqlText().Words("not ").Append(Joined([.. filter.Values.Select(Within)], " or ")),
            Comparison.Gt => from == to ? Compare(column, ">", from) : Compare(column, ">=", to),
            Comparison.Ge => Compare(column, ">=", from),
            Comparison.Lt => Compare(column, "<", from),
            Comparison.Le => from == to ? Compare(column, "<=", from) : Compare(column, "<", to),
            _ => Joined([.. filter.Values.Select(Within)], " or "),
        };
    }

    private static SqlText Compare(ViewColumn column, string sign, object value) =>
        new SqlText().Words($"v.{column.Sql} {sign} ").Append($"{value}");

    private static SqlText Like(ViewColumn column, string text, bool anywhere)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        return new SqlText().Words($"v.{column.Sql} ilike ").Append($"{(anywhere ? "%" : "") + escaped + "%"}");
    }

    /// The rows beyond a row: one comparison of pairs, so that one index leads there. The first of the pair is compared alone, too: it leads there where
    /// value and key stand in two tables. What is empty stands above everything.
    private SqlText? Beyond(ViewColumn column, bool falls, PageKey edge)
    {
        var sign = falls ? "<" : ">";
        if (!ColumnText.TryKey(ColumnText.Compared(info.Key.Type), edge.Key, out var key)) return null;
        if (column.IsKey) return Compare(column, sign, key!);
        if (edge.SortValue is null)
        {
            if (!column.MayBeNull) return null;
            var tied = new SqlText().Words($"(v.{column.Sql} is null and ").Append(Compare(info.Key, sign, key!)).Words(")");
            return falls ? new SqlText().Words($"(v.{column.Sql} is not null or ").Append(tied).Words(")") : tied;
        }

        if (!ColumnText.TryKey(ColumnText.Compared(column.Type), edge.SortValue, out var value)) return null;
        var pair = new SqlText().Words($"(v.{column.Sql}, v.{info.Key.Sql}) {sign} (").Append($"{value}, {key}").Words(")");
        if (column.MayBeNull && !falls) return new SqlText().Words("(").Append(pair).Words($" or v.{column.Sql} is null)");
        return new SqlText().Words($"v.{column.Sql} {sign}= ").Append($"{value}").Words("\n  and ").Append(pair);
    }

    private static SqlText Joined(IReadOnlyList<SqlText> parts, string by)
    {
        if (parts.Count == 1) return parts[0];
        var isOr = by.Contains("or", StringComparison.Ordinal);
        var joined = new SqlText().Words(isOr ? "(" : "");
        foreach (var (part, at) in parts.Select((p, i) => (p, i))) joined.Words(at == 0 ? "" : by).Append(part);
        return joined.Words(isOr ? ")" : "");
    }
}

/// When and where somebody asks: what `today` is, when a day begins, in which currency an amount without one is meant.
internal sealed record ViewMoment(DateOnly Today, TimeZoneInfo Zone, Currency Currency)
{
    /// From the first instant of a text to the first one after it; the same twice for an instant.
    public (DateTimeOffset From, DateTimeOffset To) Span(string text)
    {
        if (ViewPeriod.Of(text, Today) is var (first, last)) return (Midnight(first), Midnight(last.AddDays(1)));
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return Day(day);
        ColumnText.TryKey(typeof(DateTimeOffset), text, out var instant);
        return ((DateTimeOffset)instant!, (DateTimeOffset)instant!);
    }

    private (DateTimeOffset From, DateTimeOffset To) Day(DateOnly day) => (Midnight(day), Midnight(day.AddDays(1)));

    public DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
