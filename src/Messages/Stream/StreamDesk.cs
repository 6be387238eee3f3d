using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Messages;

/// Everything that happened to one record, out of the log, the decisions, the cases, and what people wrote; in pages, the newest first. A page ends with
/// everything of its last instant, so that an instant is all the key that it needs.
internal sealed class StreamDesk(KeelDb db, IActors actors, ModuleCatalog catalog, RecordBook records)
{
    public const int Size = 40;

    private static readonly SqlText.Verbatim Notes = new($"select {RowMap<Note>.Instance.Names} from messages.note");

    private static readonly SqlText.Verbatim MailColumns = new($"select {RowMap<Mail>.Instance.Names} from messages.mail");
    private static readonly SqlText.Verbatim FileColumns = new($"select {RowMap<RecordFile>.Instance.Names} from messages.file");

    /// One page of a stream, and from where it goes on.
    public sealed record Page(IReadOnlyList<Item> Items, DateTimeOffset? Next, bool IsWatched, int Watchers);

    /// An entry; with its note, file or mail where it is one.
    public sealed record Item(TimelineEntry Entry, Note? Note = null, RecordFile? File = null, Mail? Mail = null);

    private sealed record LogRow(DateTimeOffset At, string ActorName, string Operation, string Outcome, string? Sentence);

    private sealed record DecisionRow(DateTimeOffset At, string Sentence, string Policy, int PolicyVersion);

    private sealed record StepRow(DateTimeOffset At, string Step, string ActorName, string Words, string Kind, string Owner, string? Assignee, string State);

    private sealed record WatchRow(Guid PersonId);

    /// `made` is the operation that made the record, where the log knows it under another name; `given` is what the page knows besides.
    public async Task<Page> Read(DocumentRef of, Guid? made, IReadOnlyList<TimelineEntry> given, StreamKind? only, DateTimeOffset? before,
        CancellationToken ct = default)
    {
        var until = before ?? DateTimeOffset.MaxValue.AddYears(-1);
        var watched = db.Ask<WatchRow>($"select person_id from messages.watch where company_id = {db.Company} and subject_id = {of.Id}");
        var log = Wants(only, StreamKind.Operation) && !Borrowing.Contains(of.Kind) ? AskLog(of, made, until) : null;
        var decisions = Wants(only, StreamKind.Decision) ? AskDecisions(of, until) : null;
        var steps = Wants(only, StreamKind.Decision) ? AskCases(of, until) : null;
        var notes = Wants(only, StreamKind.Note) || Wants(only, StreamKind.Task) ? AskNotes(of, only, until) : null;
        var mails = Wants(only, StreamKind.Message) ? db.Ask<Mail>($"{MailColumns} where company_id = {db.Company} and subject_id = {of.Id} and to_kind <> 'Person' and at < {until} order by at desc fetch first {Size + 1} rows with ties") : null;
        var files = Wants(only, StreamKind.File) ? db.Ask<RecordFile>($"{FileColumns} where company_id = {db.Company} and subject_id = {of.Id} and at < {until} order by at desc fetch first {Size + 1} rows with ties") : null;
        await db.Flush(ct);

        var all = new List<Item>(given.Where(e => e.At < until && Wants(only, e.Kind)).Select(e => new Item(e)));
        all.AddRange(log?.Value.Select(Told) ?? []);
        all.AddRange(decisions?.Value.Select(Told) ?? []);
        all.AddRange(steps?.Value.Select(s => Told(s, of)) ?? []);
        all.AddRange(notes?.Value.Select(Told) ?? []);
        all.AddRange(mails?.Value.Select(m => new Item(new TimelineEntry(m.At, "mail", $"was written to: {m.Title}") { Kind = StreamKind.Message,
            Who = m.ToName, Role = m.State is MailState.Sent ? StateRole.Done : m.State is MailState.Waiting ? StateRole.Waiting : null }, Mail: m)) ?? []);
        all.AddRange(files?.Value.Select(f => new Item(new TimelineEntry(f.At, "file",
            f.RemovedAt is null ? "handed in" : $"handed in {f.Name}") { Kind = StreamKind.File, Who = f.Author }, File: f)) ?? []);

        var sorted = all.OrderByDescending(i => i.Entry.At).ToArray();
        var last = sorted.Length > Size ? sorted[Size - 1].Entry.At : default(DateTimeOffset?);
        var items = last is { } end ? sorted.TakeWhile(i => i.Entry.At >= end).ToArray() : sorted;
        return new Page(items, items.Length < sorted.Length ? last : null, watched.Value.Exists(w => w.PersonId == db.Work.Actor.Id), watched.Value.Count);
    }

    /// A case and an approval are known by the name of what they are about, whose operations are not theirs.
    private static readonly string[] Borrowing = ["case", "approval"];

    private static bool Wants(StreamKind? only, StreamKind kind) => only is null || only == kind || only is StreamKind.Operation && kind is StreamKind.Change;

    /// Notes, cases and files have entries of their own; what the log says of them would be said twice.
    private Later<List<LogRow>> AskLog(DocumentRef of, Guid? made, DateTimeOffset until) => db.Ask<LogRow>(
        $"""
        select at, actor_name, operation, outcome, sentence from kernel.operation_log
        where company_id = {db.Company} and at < {until} and operation not like 'messages.%' and operation !~ '^kernel[.].*(-case|-cases)$' and (
          string_to_array(subjects, ' ') @> array[{of.Number}::text] or id = {made ?? Guid.Empty})
        order by at desc fetch first {Size + 1} rows with ties
        """);

    private Later<List<DecisionRow>> AskDecisions(DocumentRef of, DateTimeOffset until) => db.Ask<DecisionRow>(
        $"""
        select at, sentence, policy, policy_version from kernel.decision where company_id = {db.Company} and subject_id = {of.Id} and at < {until}
        order by at desc fetch first {Size + 1} rows with ties
        """);

    private Later<List<StepRow>> AskCases(DocumentRef of, DateTimeOffset until) => db.Ask<StepRow>(
        $"""
        select s.at, s.kind as step, s.actor_name, s.words, c.kind, c.owner, c.assignee, c.state from kernel.work_case c join kernel.case_step s on s.case_id = c.id
        where c.company_id = {db.Company} and (c.subject_id = {of.Id} or c.id = {of.Id}) and s.at < {until}
          and (s.kind in ('Opened', 'Closed') or {db.Work.Actor.May(KernelPermissions.Cases)}) order by s.at desc, s.position desc fetch first {Size + 1} rows with ties
        """);

    private Later<List<Note>> AskNotes(DocumentRef of, StreamKind? only, DateTimeOffset until) => db.Ask<Note>(
        $"""
        {Notes} where company_id = {db.Company} and subject_id = {of.Id} and at < {until} and ({only is not StreamKind.Task} or owner_id is not null)
        order by at desc fetch first {Size + 1} rows with ties
        """);

    private Item Told(LogRow row)
    {
        var operation = catalog.Find(row.Operation);
        var words = OperationWords.Story(operation, row.Operation);
        var (sentence, role) = row.Outcome switch
        {
            "refused" => ("was refused: " + words, StateRole.Late),
            "waiting" => ("asked for a yes: " + words, StateRole.Waiting),
            _ => (words, default(StateRole?)),
        };
        return new Item(new TimelineEntry(row.At, operation?.Icon ?? "edit", sentence) { Kind = StreamKind.Operation, Who = row.ActorName,
            Context = row.Outcome == "done" ? null : row.Sentence, Role = role });
    }

    private static Item Told(DecisionRow row) => new(new TimelineEntry(row.At, "split", row.Sentence)
    {
        Kind = StreamKind.Decision, Role = StateRole.Ready,
            Context = $"{ViewInfo.Spoken(row.Policy)}, {(row.PolicyVersion == 0 ? "as delivered" : $"version {row.PolicyVersion}")}",
    });

    /// The story of a case is told in full on its own page, and on its subject's as far as it says what it is about.
    private static Item Told(StepRow row, DocumentRef of)
    {
        var entry = row.Step switch
        {
            "Opened" => new TimelineEntry(row.At, "alert", row.Words) { Context =
                $"{ViewInfo.Spoken(row.Kind)}, {(row.Assignee is null ? $"for {row.Owner}" : $"with {row.Assignee}")}",
                Role = row.State == "Closed" ? null : StateRole.Waiting },
            "Taken" => new TimelineEntry(row.At, "person", "took the case") { Who = row.ActorName, Role = StateRole.Working },
            "Snoozed" => new TimelineEntry(row.At, "clock", Capital(row.Words)) { Context = "by " + row.ActorName, Role = StateRole.Held },
            "Woken" => new TimelineEntry(row.At, "bell", "The case came back"),
            "Escalated" => new TimelineEntry(row.At, "upload", Capital(row.Words)) { Context = "by " + row.ActorName, Role = StateRole.Late },
            "Noted" => new TimelineEntry(row.At, "note", "wrote in the case") { Who = row.ActorName, Said = row.Words },
            "Closed" => new TimelineEntry(row.At, "check", "closed the case: " + row.Words) { Who = row.ActorName, Role = StateRole.Done },
            _ => new TimelineEntry(row.At, "swap", Capital(row.Words)) { Context = "by " + row.ActorName },
        };
        return new Item(entry with { Kind = StreamKind.Decision });
    }

    private static Item Told(Note note)
    {
        var icon = note.IsTask ? "check" : "note";
        var entry = new TimelineEntry(note.At, icon, note.WithdrawnAt is not null ? "took a note back" : note.IsTask ? $"gave {note.Owner} a task" : "wrote")
        {
            Kind = note.IsTask ? StreamKind.Task : StreamKind.Note, Who = note.Author,
            Role = !note.IsTask || note.WithdrawnAt is not null ? null : note.DoneAt is null ? StateRole.Waiting : StateRole.Done,
        };
        return new Item(entry, note);
    }

    private static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    /// Who can be named or given a task on a record: those who may see it.
    public async Task<IReadOnlyList<Actor>> People(DocumentRef of, CancellationToken ct = default) =>
        [.. (await actors.People(db.Company, ct)).Where(p => records.Seen(p.May).Contains(of.Kind))];
}
