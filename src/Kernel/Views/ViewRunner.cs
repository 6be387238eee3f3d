using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Keel.Kernel.Views;

/// The kinds of file that a view can be had as.
public enum FileKind
{
    Csv,
    Xlsx,
}

/// Runs views for whoever asks: checks the permission, leaves out hidden columns, filters, sorts, pages, counts and exports.
public sealed class ViewRunner(IServiceProvider services)
{
    /// How long a list may take. What it is asked for most has an index and takes milliseconds; any other question is given up then, with advice.
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// The counts that travel with the next round trip.
    private readonly Dictionary<(Type View, object? Args, string Question), Later<Counted>> counting = [];

    private KeelDb Db
    {
        get
        {
            var db = services.GetRequiredService<KeelDb>();
            if (!db.InTransaction) db.Patience ??= Patience;
            return db;
        }
    }

    private Viewer Viewer => services.GetRequiredService<Viewer>();

    /// Lets a view find out what its questions depend on, before they are asked together with others. What asks for rows by itself does it too.
    public Task Prepare(Type view, CancellationToken ct = default) =>
        typeof(IPrepare).IsAssignableFrom(view) ? ((IPrepare)Made(view)).Prepare(ct) : Task.CompletedTask;

    private object Made(Type view) => services.GetService(view) ?? ActivatorUtilities.CreateInstance(services, view);

    /// One page of a view.
    public Task<Result<ViewPage<TRow>>> Page<TView, TRow>(ViewQuery query, CancellationToken ct = default) where TView : IView<TRow> =>
        Page<TRow>(typeof(TView), null, query, ct);

    /// One page of a view that is about something.
    public Task<Result<ViewPage<TRow>>> Page<TView, TRow, TArgs>(TArgs args, ViewQuery query, CancellationToken ct = default)
        where TView : IView<TRow, TArgs> =>
        Page<TRow>(typeof(TView), args, query, ct);

    /// One page of a view known by its type, with its arguments where it has some.
    public async Task<Result<ViewPage<TRow>>> Page<TRow>(Type view, object? args, ViewQuery query, CancellationToken ct = default)
    {
        await Prepare(view, ct);
        var info = Visible(view);
        var count = AskCount<TRow>(view, args, query);
        if (!count.Ok) return count.Error!;
        var sql = Sql<TRow>(view, info, args, query).Page();
        if (!sql.Ok) return sql.Error!;

        try
        {
            var rows = await Db.Query<TRow>(sql.Value, ct);
            if (rows.Count > 0) Note(info, SightWay.List, "", rows.Count);
            return Turned(info, query, rows, count.Value.Value);
        }
        catch (TookTooLong)
        {
            return ViewErrors.TooSlow;
        }
        finally
        {
            counting.Clear();
        }
    }

    /// All rows of a view that is about one thing and so is short: the lines of an order. More than 1000 is a bug.
    public async Task<Result<IReadOnlyList<TRow>>> Rows<TView, TRow>(object? args = null, CancellationToken ct = default)
    {
        var info = Visible(typeof(TView));
        if (!Viewer.May(info.Permission)) return ViewErrors.Forbidden;
        await Prepare(typeof(TView), ct);
        var sql = Sql<TRow>(typeof(TView), info, args, ViewQuery.All with { Size = Counted.Most }).Page();
        if (!sql.Ok) return sql.Error!;
        var rows = await Db.Query<TRow>(sql.Value, ct);
        if (rows.Count > 0) Note(info, SightWay.Record, Key(args), rows.Count);
        if (rows.Count <= Counted.Most) return rows;
        throw new InvariantBroken($"{info.Name} has more than {Counted.Most} rows: page through it.");
    }

    /// Personal data that was shown is told: a list, or what a view is about.
    private void Note(ViewInfo info, SightWay way, string record, int rows)
    {
        if (info.HasPersonal) services.GetService<Sights>()?.Note(Db.Work, info.Name, way, record, rows);
    }

    /// What a view is about, by its first argument.
    private static string Key(object? args) =>
        args?.GetType().GetProperties().Select(p => p.GetValue(args)).FirstOrDefault(v => v is not null) is { } first ? ColumnText.Key(first is IId id ? id.Value : first) : "";

    /// How many rows answer a question from an address, counted as far as one operation goes, and whether they show personal data.
    internal async Task<Result<(int Rows, bool IsPersonal)>> Matching(Type view, IEnumerable<KeyValuePair<string, StringValues>> address, CancellationToken ct = default)
    {
        var asked = Read(view, address);
        if (!asked.Ok) return asked.Error!;
        await Prepare(view, ct);
        var count = Generic<Result<Later<int>>>(nameof(MatchingOf), view, asked.Value);
        if (!count.Ok) return count.Error!;
        await Db.Flush(ct);
        var chosen = asked.Value.Query.Columns;
        return (count.Value.Value, asked.Value.Info.Columns.Any(c => c.IsPersonal && (chosen.Count == 0 || chosen.Contains(c.Name))));
    }

    private Result<Later<int>> MatchingOf<TRow>(Type view, Question asked) => AskMatching<TRow>(view, asked.Args, asked.Query);

    /// One page of a view known by its type only, with its question and its arguments from an address.
    public async Task<Result<IViewPage>> Page(
        Type view, IEnumerable<KeyValuePair<string, StringValues>> address, CancellationToken ct = default)
    {
        var asked = Read(view, address);
        if (!asked.Ok) return asked.Error!;
        return await Generic<Task<Result<IViewPage>>>(nameof(PageOf), view, asked.Value, ct);
    }

    /// How many rows of a view answer a question, counted up to 1000; known after the next round trip. A list that asks for the count of the tab that it shows asks once.
    public Result<Later<Counted>> AskCount<TRow>(Type view, object? args, ViewQuery query)
    {
        var info = Visible(view);
        if (!Viewer.May(info.Permission)) return ViewErrors.Forbidden;
        var question = (view, args, new ViewQuery { Search = query.Search, Filters = query.Filters }.ToString());
        if (counting.TryGetValue(question, out var asked) && !asked.IsKnown) return asked;
        var sql = Sql<TRow>(view, info, args, query).Count();
        if (!sql.Ok) return sql.Error!;
        return counting[question] = Db.Ask<long, Counted>(FormattableStringFactory.Create("{0}", sql.Value), rows => new Counted((int)rows[0]));
    }

    /// Whether a view has any row at all, whatever was asked of it.
    public async Task<bool> HasAny<TRow>(Type view, object? args, CancellationToken ct = default)
    {
        var info = Visible(view);
        if (!Viewer.May(info.Permission)) return false;
        await Prepare(view, ct);
        var sql = Sql<TRow>(view, info, args, ViewQuery.All).Count(most: 0);
        return sql.Ok && await Db.First<long>(FormattableStringFactory.Create("{0}", sql.Value), ct) > 0;
    }

    /// The rows that answer, counted and summed for each value of the column that the question names.
    public async Task<Result<ViewGroups>> Groups<TRow>(Type view, object? args, ViewQuery query, CancellationToken ct = default)
    {
        var info = Visible(view);
        if (!Viewer.May(info.Permission)) return ViewErrors.Forbidden;
        if (query.Group is null || info.Column(query.Group) is not { } by) return ViewErrors.NoColumn(query.Group ?? "", info);
        await Prepare(view, ct);
        var sql = Sql<TRow>(view, info, args, query).Groups(by);
        if (!sql.Ok) return sql.Error!;
        var chosen = info.Summed.Where(c => query.Columns.Count == 0 || query.Columns.Contains(c.Name)).ToArray();
        try
        {
            return ViewGroups.Read(info, query, by, info.Summed, await Db.Query<GroupPart>(sql.Value, ct)) with { Sums = chosen };
        }
        catch (TookTooLong)
        {
            return ViewErrors.TooSlow;
        }
    }

    /// The groups of a view known by its type only, or nothing where the address asks for rows.
    public async Task<Result<ViewGroups>?> Groups(Type view, IEnumerable<KeyValuePair<string, StringValues>> address, CancellationToken ct = default)
    {
        var asked = Read(view, address);
        if (!asked.Ok) return asked.Error!;
        if (asked.Value.Query.Group is null) return null;
        return await Generic<Task<Result<ViewGroups>>>(nameof(GroupsOf), view, asked.Value, ct);
    }

    /// How many rows match, counted as far as one operation goes; known after the next round trip.
    public Result<Later<int>> AskMatching<TRow>(Type view, object? args, ViewQuery query)
    {
        var info = Visible(view);
        if (!Viewer.May(info.Permission)) return ViewErrors.Forbidden;
        var sql = Sql<TRow>(view, info, args, query).Count(MatchingRow.Most);
        if (!sql.Ok) return sql.Error!;
        return Db.Ask<long, int>(FormattableStringFactory.Create("{0}", sql.Value), rows => (int)rows[0]);
    }

    /// The keys of all rows that match, with what people call them: what one operation is run on. More than it may be is refused.
    public async Task<Result<IReadOnlyList<MatchingRow>>> Keys(
        Type view, IEnumerable<KeyValuePair<string, StringValues>> address, CancellationToken ct = default)
    {
        var asked = Read(view, address);
        if (!asked.Ok) return asked.Error!;
        await Prepare(view, ct);
        var sql = Generic<Result<SqlText>>(nameof(KeysOf), view, asked.Value);
        if (!sql.Ok) return sql.Error!;
        var rows = await Db.Query<MatchingRow>(sql.Value, ct);
        return rows.Count > MatchingRow.Most ? ViewErrors.TooManyAtOnce : rows;
    }

    /// How many rows of a view known by its type answer a question written as an address; known after the next round trip.
    public Result<Later<Counted>> AskCount(Type view, string question)
    {
        var asked = ViewQuery.Parse(Visible(view), question);
        return asked.Ok ? (Result<Later<Counted>>)GetType().GetMethods().First(m => m.Name == nameof(AskCount) && m.IsGenericMethod).MakeGenericMethod(ViewInfo.Of(view).Row).Invoke(this, [view, null, asked.Value])! : asked.Error!;
    }

    /// Writes everything that answers a question as a file, row by row: for programs, or with a voice for people, who are shown no technical keys.
    public async Task<Result<long>> Export(
        Type view, IEnumerable<KeyValuePair<string, StringValues>> address, FileKind kind, Stream to, CancellationToken ct = default, FileVoice? voice = null)
    {
        var asked = Read(view, address);
        if (!asked.Ok) return asked.Error!;
        await Prepare(view, ct);
        return await Generic<Task<Result<long>>>(nameof(ExportOf), view, asked.Value, kind, to, voice!, ct);
    }

    /// The view as this person sees it.
    public ViewInfo Visible(Type view) => ViewInfo.Of(view).For(Viewer);

    /// One page out of the rows that the database gave, which are one more than fit where it goes on.
    internal static ViewPage<TRow> Turned<TRow>(ViewInfo info, ViewQuery query, List<TRow> rows, Counted count)
    {
        var more = rows.Count > query.Size;
        if (more) rows.RemoveAt(rows.Count - 1);
        if (query.Before is not null) rows.Reverse();
        var page = new ViewPage<TRow>(info, query, rows, count, null, null);
        var goesOn = query.Before is not null ? rows.Count > 0 : more;
        var goesBack = query.Before is not null ? more : query.After is not null && rows.Count > 0;
        return page with
        {
            Next = goesOn ? KeyOf(info, query, rows[^1], page.Before + rows.Count) : null,
            Previous = goesBack ? KeyOf(info, query, rows[0], page.Before) : null,
        };
    }

    /// Where a row stands in a list: what a record that was opened from there remembers.
    public static PageKey PlaceOf<TRow>(ViewInfo info, ViewQuery query, TRow row, int rank) => KeyOf(info, query, row, rank);

    /// The rows beside a place in a list, by the list's own question, order and page key; the row at the place need not be there any more.
    public Task<(PageKey? Before, PageKey? After)> Beside(Type view, IEnumerable<KeyValuePair<string, StringValues>> address, PageKey place, CancellationToken ct = default)
    {
        var asked = Read(view, address);
        return asked.Ok ? Generic<Task<(PageKey?, PageKey?)>>(nameof(BesideOf), view, asked.Value, place, ct) : Task.FromResult<(PageKey?, PageKey?)>((null, null));
    }

    private async Task<(PageKey?, PageKey?)> BesideOf<TRow>(Type view, Question asked, PageKey place, CancellationToken ct)
    {
        var query = asked.Query.FromStart() with { Size = 1, Group = null };
        var (further, back) = (Sql<TRow>(view, asked.Info, asked.Args, query with { After = place }).Page(), Sql<TRow>(view, asked.Info, asked.Args, query with { Before = place }).Page());
        if (!further.Ok || !back.Ok) return (null, null);
        var after = Db.Ask<TRow>(FormattableStringFactory.Create("{0}", further.Value));
        var before = Db.Ask<TRow>(FormattableStringFactory.Create("{0}", back.Value));
        await Db.Flush(ct);
        return (before.Value is [var previous, ..] ? KeyOf(asked.Info, query, previous, Math.Max(0, place.Rank - 1)) : null, after.Value is [var next, ..] ? KeyOf(asked.Info, query, next, place.Rank + 1) : null);
    }

    private Result<Question> Read(Type view, IEnumerable<KeyValuePair<string, StringValues>> address)
    {
        var info = Visible(view);
        if (!Viewer.May(info.Permission)) return ViewErrors.Forbidden;
        var pairs = address.ToArray();
        var query = ViewQuery.Parse(info, pairs);
        if (!query.Ok) return query.Error!;
        if (info.Args is null) return new Question(info, query.Value, null);
        var args = ViewArgs.Read(info.Args, pairs);
        return args.Ok ? new Question(info, query.Value, args.Value) : args.Error!;
    }

    private sealed record Question(ViewInfo Info, ViewQuery Query, object? Args);

    private T Generic<T>(string method, Type view, params object[] arguments) =>
        (T)GetType().GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(ViewInfo.Of(view).Row).Invoke(this, [view, .. arguments])!;

    private async Task<Result<IViewPage>> PageOf<TRow>(Type view, Question asked, CancellationToken ct)
    {
        var page = await Page<TRow>(view, asked.Args, asked.Query, ct);
        return page.Ok ? page.Value : page.Error!;
    }

    private Task<Result<ViewGroups>> GroupsOf<TRow>(Type view, Question asked, CancellationToken ct) => Groups<TRow>(view, asked.Args, asked.Query, ct);

    private Result<SqlText> KeysOf<TRow>(Type view, Question asked) => Sql<TRow>(view, asked.Info, asked.Args, asked.Query).Keys();

    private async Task<Result<long>> ExportOf<TRow>(Type view, Question asked, FileKind kind, Stream to, FileVoice? voice, CancellationToken ct)
    {
        var sql = Sql<TRow>(view, asked.Info, asked.Args, asked.Query).All();
        if (!sql.Ok) return sql.Error!;
        var chosen = asked.Query.Columns.Count > 0
            ? asked.Query.Columns.Select(n => asked.Info.Column(n)!)
            : asked.Info.Columns.Where(c => !c.IsKey || !c.IsTechnical);
        if (voice is not null) chosen = chosen.Where(c => !c.IsTechnical);
        var db = Db;
        if (!db.InTransaction) db.Patience = TimeSpan.FromMinutes(10);
        var rows = db.Stream<TRow>(sql.Value, ct);
        return kind is FileKind.Xlsx
            ? await ViewXlsx.Write([.. chosen], rows, to, Viewer.Zone, ct, voice: voice)
            : await ViewCsv.Write([.. chosen], rows, to, ct, voice);
    }

    private ViewSql Sql<TRow>(Type view, ViewInfo info, object? args, ViewQuery query)
    {
        var made = Made(view);
        var rows = args is null
            ? ((IView<TRow>)made).Rows()
            : (FormattableString)view.GetMethod(nameof(IView<>.Rows), [args.GetType()])!.Invoke(made, [args])!;
        var now = TimeZoneInfo.ConvertTime(services.GetRequiredService<TimeProvider>().GetUtcNow(), Viewer.Zone);
        return new ViewSql(info, rows, query, new ViewMoment(DateOnly.FromDateTime(now.DateTime), Viewer.Zone, Viewer.Currency), Viewer.Reach.IsLimited ? [.. info.Within(Viewer.Reach, services.GetRequiredService<ModuleCatalog>())] : []);
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
}
