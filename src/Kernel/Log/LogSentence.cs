using System.Globalization;

namespace Keel.Kernel;

/// A line of the log as a sentence that a person reads: `Femke Bos released 3 orders to picking from the page, 2 refused`.
public sealed class LogSentence(ModuleCatalog catalog)
{
    /// What the sentence is made of.
    public sealed record Line(
        string ActorName, ActorKind ActorKind, Door Door, string Operation, string Outcome, string? Sentence, string Subjects, int? Done = null, int? Refused = null);

    /// The sentence; `at` is put in after what was done, such as `at 14:02`.
    public string Of(Line line, string? at = null)
    {
        var info = catalog.Find(line.Operation);
        var door = line.ActorKind is ActorKind.System && line.Door is Door.System or Door.Job ? "" : OperationWords.Through(line.Door);
        if (line.Outcome != "done")
        {
            var way = line.Outcome == "waiting" ? "waits for a yes to" : "was refused to";
            return $"{Joined(line.ActorName, way, OperationWords.ToDo(info, line.Operation), About(line.Subjects), at, door)}: {line.Sentence}";
        }

        var subjects = line.Subjects.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var done = OperationWords.Did(info, line.Operation, line.Done, subjects.Length > 0 ? subjects[0] : null);
        var refused = line.Refused is > 0 and var no ? $", {no.ToString("#,0", CultureInfo.InvariantCulture)} refused" : "";
        return Joined(line.ActorName, done, at, door) + refused;
    }

    /// The operation in the infinitive, for lists to choose from: `release orders to picking`.
    public string ToDo(string operation) => OperationWords.ToDo(catalog.Find(operation), operation);

    private static string About(string subjects) => subjects.Length == 0 ? "" : "(" + subjects.Split(' ')[0] + ")";

    private static string Joined(params string?[] parts) => string.Join(' ', parts.Where(p => !string.IsNullOrEmpty(p)));
}
