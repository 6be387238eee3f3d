namespace Keel.Kernel;

/// What one operation, or one page, is about: for which company, by whom, through which door, at which instant.
public sealed class Work
{
    private const int MostSubjects = 1_000;

    /// The company; empty only for what belongs to no company, such as the list of companies itself.
    public Id<Company> Company { get; set; }

    public Actor Actor { get; set; } = Actor.Nobody;

    public Door Door { get; set; } = Door.System;

    /// The one instant of the operation; the simulator and imports step it.
    public DateTimeOffset Now { get; set; }

    /// The key of this run in the operation log.
    public Guid Operation { get; set; }

    /// The operation that caused this one, where one did.
    public Guid? Cause { get; set; }

    /// Who said yes to it, where it had waited for somebody's yes.
    public string? ApprovedBy { get; set; }

    /// When what is recorded took place, where that is earlier than now (a late fact, an import); else null.
    public DateTimeOffset? HappenedAt { get; set; }

    /// True when an earlier try of this operation hoped in vain: ask first, then write.
    public bool Cautious { get; internal set; }

    /// What happened so far and was not yet told to the handlers.
    internal Queue<IEvent> Raised { get; } = new();

    internal List<string> Subjects { get; } = [];

    /// The documents that the operation was about so far, by number or code.
    public IReadOnlyList<string> Named => Subjects;

    internal Dictionary<object, PersonKey> Persons { get; } = new(ReferenceEqualityComparer.Instance);

    /// What was written so far, where this is a dry run that says it; else null.
    internal Made? Made { get; set; }

    /// The rows of a file that the request was made of, where it was.
    internal FileRows? Rows { get; set; }

    internal List<(int At, object Trace)> Traces { get; } = [];

    /// Writes down what one item of the request made, enough to take it back: nothing where the request was made of no file.
    public void Leaves(int at, object trace)
    {
        if (Rows is not null) Traces.Add((at, trace));
    }

    /// Names a document that the operation was about, by its number or code: the log is searched by it.
    public void Concerns(string subject)
    {
        if (IsLogged) throw new InvariantBroken($"{subject} is named after the log's line was written: name it before contended rows are asked for.");
        if (Subjects.Count < MostSubjects) Subjects.Add(subject);
    }

    /// Says how much money the operation is about; several amounts of one currency are added up. The log is searched by it.
    public void IsWorth(Money amount)
    {
        if (IsLogged) throw new InvariantBroken("What an operation is worth is said before contended rows are asked for.");
        if (Worth is { } before && before.Currency != amount.Currency) hasMixedWorth = true;
        Worth = hasMixedWorth ? null : Worth is { } sum ? sum + amount : amount;
    }

    /// What was said of it so far; nothing where the currencies differ.
    internal Money? Worth { get; private set; }

    private bool hasMixedWorth;

    /// Says what a master or a setting was before and what it is now, so that every field that changed is kept with both values; no `before`
    /// means that it was created. What is personal in it is kept under the person's key.
    public void Changed<T>(string kind, string subject, T? before, T after, PersonKey? person = null) where T : class
    {
        if (before is null)
        {
            Change(new ToldChange(kind, subject, "", null, null, null));
            return;
        }

        var (old, fresh) = (FieldTexts.Of(before), FieldTexts.Of(after));
        foreach (var (field, now) in fresh)
        {
            var then = old.GetValueOrDefault(field);
            if (then?.Text != now.Text) Change(new ToldChange(kind, subject, field, then?.Text, now.Text, now.IsPersonal ? person : null));
        }

        foreach (var (field, then) in old.Where(o => !fresh.ContainsKey(o.Key))) Change(new ToldChange(kind, subject, field, then.Text, null, then.IsPersonal ? person : null));
    }

    /// Says what one field of a master was before and is now; nothing is kept where they are the same.
    public void Changed(string kind, string subject, string field, string? before, string? after)
    {
        if (before != after) Change(new ToldChange(kind, subject, field, before, after, null));
    }

    private void Change(ToldChange change)
    {
        if (IsLogged) throw new InvariantBroken($"{change.Subject} is changed after the log's line was written: say it before contended rows are asked for.");
        Changes.Add(change);
    }

    internal List<ToldChange> Changes { get; } = [];

    /// The log's line is written just before the first contended lock; what is named later would be lost.
    internal bool IsLogged { get; set; }

    /// Says whose personal data an object of the request is, so that the log keeps it under that person's key.
    public void Names(object personal, PersonKey person) => Persons[personal] = person;
}

/// An operation that wrote in hope, before it knew, and hoped in vain: nothing of it stays, and it runs once more with `Work.Cautious`.
public sealed class BeginAgain() : Exception("The operation begins again and asks first.");

/// The way by which a request came in. The same gate stands behind every door.
public enum Door
{
    System,
    Page,
    Api,
    Cli,
    Import,
    Rule,
    Job,
    Channel,
    Ai,
}
