using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.Extensions.Primitives;

namespace Keel.App.Doors;

/// One operation on all rows of a list that match, not only those of the page: in portions, each a run of its own through the gate, and with
/// an answer for every row. A portion that is refused as a whole is halved, so that one row never sinks the others.
internal sealed class BulkDoor(OperationInfo info, Gate gate, ModuleCatalog catalog)
{
    private const int MostAtOnce = 500;

    /// Beyond so many runs a refused portion is not halved any more.
    private const int MostRuns = 2_000;

    private readonly JsonTypeInfo request = KeelJson.Options.GetTypeInfo(info.Request);

    public static readonly Error NoList = Error.Invalid("bulk.no-list", "There is no such list, or this operation takes no rows of a list. Load the page again.");
    public static readonly Error Nothing = new("bulk.nothing-matches", "Nothing matches any more: others were quicker. Load the list again.");

    /// True where a form asks for all rows that match.
    public static bool IsMeant(IFormCollection form) => form.ContainsKey(FormField.AllMatching);

    /// What became of each row; a refusal where nothing was tried.
    public async Task<Result<List<Outcomes.Outcome>>> Run(IFormCollection form, Caller caller, ViewRunner views, CancellationToken ct)
    {
        var view = catalog.Views.FirstOrDefault(v => ViewInfo.Of(v).Name == form[FormField.ListName].ToString());
        var list = FormField.Of(info.Request).FirstOrDefault(f => f.Path == form[FormField.SelectionName].ToString() && f.Kind is FieldKind.Several);
        if (view is null || list is null) return NoList;
        var keys = await views.Keys(view, Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(form[FormField.AllMatching]), ct);
        if (!keys.Ok) return keys.Error!;
        if (keys.Value.Count == 0) return Nothing;

        var fields = form.Where(f => f.Key is not (FormField.AllMatching or FormField.ListName)).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        return await new Portions(this, fields, caller).Run([.. keys.Value.Chunk(Math.Min(MostAtOnce, Math.Max(1, list.Most)))]);
    }

    private Result<object> Read(Dictionary<string, StringValues> fields) =>
        JsonBody.Read(new ReadOnlySequence<byte>(JsonSerializer.SerializeToUtf8Bytes(FormBody.Read(fields, info.Request), KeelJson.Options)), request);

    /// Whoever asked may leave: what was begun is finished.
    private Task<Outcome> Once(object portion, Caller caller) => gate.Run(info, portion, caller, CancellationToken.None);

    /// The portions of one form, and what became of their rows so far.
    private sealed class Portions(BulkDoor door, Dictionary<string, StringValues> fields, Caller caller)
    {
        private readonly List<Outcomes.Outcome> rows = [];
        private int runs;

        public async Task<Result<List<Outcomes.Outcome>>> Run(MatchingRow[][] portions)
        {
            foreach (var portion in portions)
            {
                if (await Run(portion) is { } refusal) return refusal;
            }

            return rows;
        }

        /// A refusal only where nothing was done yet, and another portion would not fare better.
        private async Task<Error?> Run(MatchingRow[] portion)
        {
            var read = door.Read(new(fields, StringComparer.Ordinal) { [FormField.Selected] = new([.. portion.Select(r => r.Key)]) });
            if (!read.Ok) return read.Error;
            runs++;
            var outcome = await door.Once(read.Value, caller with { IdempotencyKey = caller.IdempotencyKey is { } key ? $"{key}:{runs}" : null });
            if (outcome.Waiting is { } waiting) Add(portion, StateRole.Waiting, waiting.Sentence);
            else if (outcome.Error is not { } error) Add(portion, outcome.Answer);
            else if (rows.Count == 0 && error.Kind is Refusal.Invalid or Refusal.Forbidden) return error;
            else if (portion.Length == 1 || runs >= MostRuns || error.Kind is Refusal.Invalid or Refusal.Forbidden) Add(portion, StateRole.Late, error.Message);
            else return await Run(portion[..(portion.Length / 2)]) ?? await Run(portion[(portion.Length / 2)..]);
            return null;
        }

        private void Add(MatchingRow[] portion, object? answer)
        {
            var said = FormDoor.RowsOf(answer);
            if (said.Count > 0) rows.AddRange(said);
            else Add(portion, StateRole.Done, "");
        }

        private void Add(MatchingRow[] portion, StateRole role, string sentence) => rows.AddRange(portion.Select(r => new Outcomes.Outcome(r.Name, role, sentence)));
    }
}
