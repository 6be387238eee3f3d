using System.Linq.Expressions;

namespace Keel.Kernel.Views;

/// Puts the filters, the search text, the order and the page of a question onto the rows of a view.
internal sealed class Narrowing<TRow>(Projection<TRow> rows, ViewInfo info, ViewQuery query, DateOnly today, TimeZoneInfo zone)
{
    /// Filters and search; answers the refusal where one of them cannot be used.
    public Error? Filter()
    {
        foreach (var filter in query.Filters)
        {
            var column = info.Column(filter.Column);
            if (column is null) return ViewErrors.NoColumn(filter.Column, info);
            if (!column.IsComparable) return ViewErrors.NotFilterable(column.Name);
            rows.Where(column.Type == typeof(DateTimeOffset) && filter.Comparison is not Comparison.Is ? InTime(column, filter) : Holds(column, filter));
        }

        return query.Search is null ? null : Search(query.Search.Trim());
    }

    /// Sorts, and goes on beyond the page's edge. Paging back reads the other way round.
    public Error? Page()
    {
        var (column, descending) = query.Order(info);
        var backwards = query.Before is not null;
        var falls = descending != backwards;
        if ((query.Before ?? query.After) is { } edge && Beyond(column, falls, edge) is { } refused) return refused;

        if (!column.IsKey) rows.OrderBy(rows.Compared(column), falls);
        if (column.IsKey) rows.OrderBy(rows.Compared(info.Key), falls);
        else rows.ThenBy(rows.Compared(info.Key), falls);
        return null;
    }

    private Error? Search(string text)
    {
        if (text.Length == 0) return null;
        var searched = info.Columns.Where(c => c.IsSearched).ToArray();
        if (searched.Length == 0) return Error.Invalid("view.no-search", "This list cannot be searched. Filter one of its columns instead.");
        rows.Where(searched.Select(c => Condition.Like(rows.Value(c), text, anywhere: false, rows.IsDatabase)).Aggregate(Expression.OrElse));
        return null;
    }

    private Expression Holds(ViewColumn column, ViewFilter filter)
    {
        var compared = rows.Compared(column);
        object Read(string text)
        {
            if (column.Type == typeof(DateOnly) && ViewFilter.DaysFromToday(text) is { } days) return today.AddDays(days);
            return ColumnText.TryRead(column.Type, text, out var value) ? value! : throw new InvariantBroken($"'{text}' passed the check of {column.Name}.");
        }

        var first = filter.Values[0];
        return filter.Comparison switch
        {
            Comparison.Eq => Condition.AnyOf(compared, [.. filter.Values.Select(Read)]),
            Comparison.Ne => Expression.Not(Condition.AnyOf(compared, [.. filter.Values.Select(Read)])),
            Comparison.Gt => Condition.Above(compared, Read(first)),
            Comparison.Ge => Condition.AtLeast(compared, Read(first)),
            Comparison.Lt => Condition.Below(compared, Read(first)),
            Comparison.Le => Condition.AtMost(compared, Read(first)),
            Comparison.Has => Condition.Like(compared, first, anywhere: true, rows.IsDatabase),
            Comparison.Starts => Condition.Like(compared, first, anywhere: false, rows.IsDatabase),
            _ => first is "empty" ? Condition.IsEmpty(compared) : Expression.Not(Condition.IsEmpty(compared)),
        };
    }

    /// A day means all of it, in the zone of whoever asks; an instant means itself.
    private Expression InTime(ViewColumn column, ViewFilter filter)
    {
        var compared = rows.Compared(column);
        var spans = filter.Values.Select(Span).ToArray();
        Expression Within((DateTimeOffset From, DateTimeOffset To) span) =>
            span.From == span.To
                ? Condition.Same(compared, span.From)
                : Expression.AndAlso(Condition.AtLeast(compared, span.From), Condition.Below(compared, span.To));

        var (from, to) = spans[0];
        return filter.Comparison switch
        {
            Comparison.Ne => Expression.Not(spans.Select(Within).Aggregate(Expression.OrElse)),
            Comparison.Gt => from == to ? Condition.Above(compared, from) : Condition.AtLeast(compared, to),
            Comparison.Ge => Condition.AtLeast(compared, from),
            Comparison.Lt => Condition.Below(compared, from),
            Comparison.Le => from == to ? Condition.AtMost(compared, from) : Condition.Below(compared, to),
            _ => spans.Select(Within).Aggregate(Expression.OrElse),
        };
    }

    private (DateTimeOffset From, DateTimeOffset To) Span(string text)
    {
        DateOnly day;
        if (ViewFilter.DaysFromToday(text) is { } days) day = today.AddDays(days);
        else if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", out day))
        {
            ColumnText.TryRead(typeof(DateTimeOffset), text, out var instant);
            return ((DateTimeOffset)instant!, (DateTimeOffset)instant!);
        }

        return (Midnight(day), Midnight(day.AddDays(1)));
    }

    private DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private Error? Beyond(ViewColumn column, bool falls, PageKey edge)
    {
        object? sortValue = null;
        if (!ColumnText.TryKey(ColumnText.Compared(info.Key.Type), edge.Key, out var key)) return ViewErrors.BadPage(edge.ToString());
        if (edge.SortValue is not null && !ColumnText.TryKey(ColumnText.Compared(column.Type), edge.SortValue, out sortValue)) return ViewErrors.BadPage(edge.ToString());

        var id = rows.Compared(info.Key);
        var byKey = falls ? Condition.Below(id, key) : Condition.Above(id, key);
        if (column.IsKey)
        {
            rows.Where(byKey);
            return null;
        }

        var value = rows.Compared(column);
        if (!column.MayBeNull && sortValue is null) return ViewErrors.BadPage(edge.ToString());
        if (!column.MayBeNull && rows.IsDatabase)
        {
            rows.Where(Condition.PairBeyond(value, sortValue!, id, key!, falls));
            return null;
        }

        rows.Where(BeyondPart(value, sortValue, byKey, falls, column.MayBeNull));
        return null;
    }

    /// PostgreSQL puts what is empty above everything, a list in memory below.
    private Expression BeyondPart(Expression value, object? sortValue, Expression byKey, bool falls, bool mayBeNull)
    {
        var emptyComesLast = rows.IsDatabase != falls;
        var tied = Expression.AndAlso(sortValue is null ? Condition.IsEmpty(value) : Condition.Same(value, sortValue), byKey);
        if (sortValue is null) return emptyComesLast ? tied : Expression.OrElse(Expression.Not(Condition.IsEmpty(value)), tied);

        var beyond = Expression.OrElse(falls ? Condition.Below(value, sortValue) : Condition.Above(value, sortValue), tied);
        return mayBeNull && emptyComesLast ? Expression.OrElse(beyond, Condition.IsEmpty(value)) : beyond;
    }
}
