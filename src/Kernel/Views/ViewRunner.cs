using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Keel.Kernel.Views;

/// Runs views for whoever asks: checks the permission, leaves out hidden columns, filters, sorts, pages, counts and exports.
public sealed class ViewRunner(IServiceProvider services)
{
    private Viewer Viewer => services.GetRequiredService<Viewer>();

    /// One page of a view.
    public Task<Result<ViewPage<TRow>>> Page<TView, TRow>(ViewQuery query, CancellationToken ct = default) where TView : IView<TRow> =>
        Page(Visible(typeof(TView)), Make<TView>().Rows, query, ct);

    /// One page of a view that is about something.
    public Task<Result<ViewPage<TRow>>> Page<TView, TRow, TArgs>(TArgs args, ViewQuery query, CancellationToken ct = default) where TView : IView<TRow, TArgs> =>
        Page(Visible(typeof(TView)), () => Make<TView>().Rows(args), query, ct);

    /// One page of a view known by its type only, with its question and its arguments from an address.
    public async Task<Result<IViewPage>> Page(Type view, IEnumerable<KeyValuePair<string, StringValues>> address, CancellationToken ct = default)
    {
        var asked = Ask(view, address);
        if (!asked.Ok) return asked.Error!;
        return await Generic<Task<Result<IViewPage>>>(nameof(PageOf), view, asked.Value, ct);
    }

    /// One page of a view known by its type, with its arguments where it has some.
    public Task<Result<ViewPage<TRow>>> Page<TRow>(Type view, object? args, ViewQuery query, CancellationToken ct = default) =>
        Page(Visible(view), () => RowsOf<TRow>(view, args), query, ct);

    /// How many rows of a view answer a question, counted up to 1000.
    public Task<Result<Counted>> Count<TRow>(Type view, object? args, ViewQuery query, CancellationToken ct = default) =>
        CountOf(Visible(view), () => RowsOf<TRow>(view, args), query, ct);

    /// Writes everything that answers a question as CSV, row by row.
    public async Task<Result<long>> Export(Type view, IEnumerable<KeyValuePair<string, StringValues>> address, Stream to, CancellationToken ct = default)
    {
        var asked = Ask(view, address);
        if (!asked.Ok) return asked.Error!;
        return await Generic<Task<Result<long>>>(nameof(ExportOf), view, asked.Value, to, ct);
    }

    /// The view as this person sees it.
    public ViewInfo Visible(Type view) => ViewInfo.Of(view).For(Viewer);

    private Result<Asked> Ask(Type view, IEnumerable<KeyValuePair<string, StringValues>> address)
    {
        var info = Visible(view);
        var pairs = address.ToArray();
        var query = ViewQuery.Parse(info, pairs);
        if (!query.Ok) return query.Error!;
        if (info.Args is null) return new Asked(info, query.Value, null);
        var args = ViewArgs.Read(info.Args, pairs);
        return args.Ok ? new Asked(info, query.Value, args.Value) : args.Error!;
    }

    private sealed record Asked(ViewInfo Info, ViewQuery Query, object? Args);

    private T Generic<T>(string method, Type view, params object[] arguments) =>
        (T)GetType().GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(ViewInfo.Of(view).Row).Invoke(this, [view, .. arguments])!;

    private async Task<Result<IViewPage>> PageOf<TRow>(Type view, Asked asked, CancellationToken ct)
    {
        var page = await Page(asked.Info, () => RowsOf<TRow>(view, asked.Args), asked.Query, ct);
        return page.Ok ? page.Value : page.Error!;
    }

    private async Task<Result<long>> ExportOf<TRow>(Type view, Asked asked, Stream to, CancellationToken ct)
    {
        var rows = Narrowed(asked.Info, () => RowsOf<TRow>(view, asked.Args), asked.Query.FromStart());
        if (!rows.Ok) return rows.Error!;
        var chosen = asked.Query.Columns.Count > 0 ? asked.Query.Columns.Select(n => asked.Info.Column(n)!) : asked.Info.Columns.Where(c => !c.IsKey);
        return await ViewCsv.Write([.. chosen], Stream(rows.Value.Rows(asked.Info.Columns), ct), to, ct);
    }

    private IQueryable<TRow> RowsOf<TRow>(Type view, object? args)
    {
        var made = services.GetService(view) ?? ActivatorUtilities.CreateInstance(services, view);
        return args is null
            ? ((IView<TRow>)made).Rows()
            : (IQueryable<TRow>)view.GetMethod(nameof(IView<>.Rows), [args.GetType()])!.Invoke(made, [args])!;
    }

    private TView Make<TView>() => services.GetService<TView>() ?? ActivatorUtilities.CreateInstance<TView>(services);

    private async Task<Result<ViewPage<TRow>>> Page<TRow>(ViewInfo info, Func<IQueryable<TRow>> view, ViewQuery query, CancellationToken ct)
    {
        var rows = Narrowed(info, view, query);
        if (!rows.Ok) return rows.Error!;
        var count = await CountOf(info, view, query, ct);
        if (!count.Ok) return count.Error!;

        try
        {
            var found = await List(rows.Value.Rows(info.Columns).Take(query.Size + 1), ct);
            var more = found.Count > query.Size;
            if (more) found.RemoveAt(found.Count - 1);
            if (query.Before is not null) found.Reverse();
            var page = new ViewPage<TRow>(info, query, found, count.Value, null, null);
            var goesOn = query.Before is not null ? found.Count > 0 : more;
            var goesBack = query.Before is not null ? more : query.After is not null && found.Count > 0;
            return page with
            {
                Next = goesOn ? KeyOf(info, query, found[^1], page.Before + found.Count) : null,
                Previous = goesBack ? KeyOf(info, query, found[0], page.Before) : null,
            };
        }
        catch (InvalidOperationException e) when (IsUntranslated(e))
        {
            return ViewErrors.NotFilterable(query.Sort ?? Suspect(query));
        }
    }

    private async Task<Result<Counted>> CountOf<TRow>(ViewInfo info, Func<IQueryable<TRow>> view, ViewQuery query, CancellationToken ct)
    {
        if (!Viewer.May(info.Permission)) return ViewErrors.Forbidden;
        var rows = new Projection<TRow>(view());
        if (Narrow(rows, info, query).Filter() is { } refused) return refused;
        try
        {
            var capped = rows.Rows(info.Columns).Take(Counted.Most + 1);
            return new Counted(rows.IsDatabase ? await capped.CountAsync(ct) : capped.Count());
        }
        catch (InvalidOperationException e) when (IsUntranslated(e))
        {
            return ViewErrors.NotFilterable(Suspect(query));
        }
    }

    private Result<Projection<TRow>> Narrowed<TRow>(ViewInfo info, Func<IQueryable<TRow>> view, ViewQuery query)
    {
        if (!Viewer.May(info.Permission)) return ViewErrors.Forbidden;
        var rows = new Projection<TRow>(view());
        var narrowing = Narrow(rows, info, query);
        if ((narrowing.Filter() ?? narrowing.Page()) is { } refused) return refused;
        return rows;
    }

    private Narrowing<TRow> Narrow<TRow>(Projection<TRow> rows, ViewInfo info, ViewQuery query)
    {
        var now = TimeZoneInfo.ConvertTime(services.GetRequiredService<TimeProvider>().GetUtcNow(), Viewer.Zone);
        return new Narrowing<TRow>(rows, info, query, DateOnly.FromDateTime(now.DateTime), Viewer.Zone);
    }

    private static PageKey KeyOf<TRow>(ViewInfo info, ViewQuery query, TRow row, int rank)
    {
        var (column, _) = query.Order(info);
        string? Text(ViewColumn of) => of.Property.GetValue(row) switch
        {
            null => null,
            Money money => money.Minor.ToString(CultureInfo.InvariantCulture),
            UnitPrice price => price.Micros.ToString(CultureInfo.InvariantCulture),
            var value => ColumnText.Key(value),
        };
        return new PageKey(column.IsKey ? null : Text(column), Text(info.Key)!, rank);
    }

    private static async Task<List<TRow>> List<TRow>(IQueryable<TRow> rows, CancellationToken ct) =>
        rows is IAsyncEnumerable<TRow> ? await rows.ToListAsync(ct) : rows.ToList();

    private static IAsyncEnumerable<TRow> Stream<TRow>(IQueryable<TRow> rows, CancellationToken ct) =>
        rows as IAsyncEnumerable<TRow> ?? rows.ToAsyncEnumerable();

    private static string Suspect(ViewQuery query) => query.Filters is [var first, ..] ? first.Column : "q";

    private static bool IsUntranslated(InvalidOperationException e) =>
        e.Message.Contains("could not be translated", StringComparison.Ordinal) || e.Message.Contains("InvalidIncludePath", StringComparison.Ordinal);
}
