using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Keel.Kernel.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Kernel;

/// The rows of a list as a rule's owner sees them: what is not theirs to see is not there.
internal sealed class RuleLists(KeelDb db, IServiceProvider services)
{
    /// More rows than this are not looked at, and more than that are not acted on at once.
    public const int MostRead = 5_000;
    public const int MostMatched = 500;

    public sealed record ListRow(DocumentRef Subject, JsonElement Json)
    {
        public Fact Fact { get; } = new(Json);
    }

    public async Task<IReadOnlyList<ListRow>> Read(RuleSource source, Actor owner, CancellationToken ct)
    {
        var before = db.Work.Actor;
        db.Work.Actor = owner;
        try
        {
            var info = ViewInfo.Of(source.List!);
            return await (Task<IReadOnlyList<ListRow>>)GetType().GetMethod(nameof(RowsOf), BindingFlags.NonPublic | BindingFlags.Instance)!
                .MakeGenericMethod(info.Row).Invoke(this, [source, info, owner, ct])!;
        }
        finally
        {
            db.Work.Actor = before;
        }
    }

    private async Task<IReadOnlyList<ListRow>> RowsOf<TRow>(RuleSource source, ViewInfo info, Actor owner, CancellationToken ct) where TRow : notnull
    {
        var view = (IView<TRow>)(services.GetService(source.List!) ?? ActivatorUtilities.CreateInstance(services, source.List!));
        var within = new SqlText().Words("true");
        foreach (var condition in info.Within(owner.Reach, services.GetRequiredService<ModuleCatalog>())) within.Words(" and ").Append(condition);
        var rows = await db.Query<TRow>($"select * from ({view.Rows()}) as v where {within} order by {new SqlText.Verbatim(info.Key.Sql)} limit {MostRead}", ct);
        return [.. rows.Select(r => new ListRow(SubjectOf(info, r), source.Shape.Write(r)))];
    }

    /// A row by its key, and by the number or name that people know it by.
    private static DocumentRef SubjectOf(ViewInfo info, object row)
    {
        var key = info.Key.Property.GetValue(row);
        var name = info.Columns.FirstOrDefault(c => c.IsSearched) ?? info.Key;
        var id = key switch
        {
            Guid guid => guid,
            IId typed => typed.Value,
            _ => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{info.Name}|{key}")).AsSpan(0, 16)),
        };
        return new DocumentRef(info.Name, id, name.Property.GetValue(row)?.ToString() ?? key?.ToString() ?? "");
    }
}
