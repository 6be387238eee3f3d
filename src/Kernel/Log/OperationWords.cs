using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace Keel.Kernel;

/// Tells an operation as a person would: from its name, `warehouse.release-orders`, or from what its class says (`Said`).
public static class OperationWords
{
    private static readonly FrozenDictionary<string, string> Irregular = new Dictionary<string, string>
    {
        ["begin"] = "began", ["bring"] = "brought", ["buy"] = "bought", ["build"] = "built", ["cut"] = "cut", ["do"] = "did", ["find"] = "found",
        ["forget"] = "forgot", ["get"] = "got", ["give"] = "gave", ["hand"] = "handed", ["hold"] = "held", ["keep"] = "kept", ["leave"] = "left",
        ["let"] = "let", ["make"] = "made", ["pay"] = "paid", ["put"] = "put", ["read"] = "read", ["run"] = "ran", ["say"] = "said", ["see"] = "saw",
        ["sell"] = "sold", ["send"] = "sent", ["set"] = "set", ["split"] = "split", ["take"] = "took", ["tell"] = "told", ["withdraw"] = "withdrew",
        ["write"] = "wrote", ["undo"] = "undid", ["resend"] = "resent", ["rebuild"] = "rebuilt", ["reset"] = "reset",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Doubled =
        FrozenSet.Create("ship", "stop", "drop", "plan", "map", "submit", "cancel", "scan", "tag", "pin", "swap", "trim", "skip", "log", "refer", "wrap");

    private static readonly FrozenSet<string> Particles = FrozenSet.Create("over", "in", "out", "up", "back", "off", "away");
    private static readonly ConcurrentDictionary<string, (string Verb, string Object)> Known = new();

    /// `released 3 orders to picking`, `released order SO-2026-000123 to picking`, `released orders to picking`.
    public static string Did(OperationInfo? info, string name, int? count, string? subject)
    {
        if (info?.Said is { } said) return Filled(said, count, subject);
        var (verb, rest) = Parts(name);
        var isSet = rest.Length > 1 && rest.EndsWith('s') && !rest.EndsWith("ss", StringComparison.Ordinal);
        return isSet ? Filled($"{Past(verb)} {{{rest}}}", count, subject) : Joined(Past(verb), rest, subject);
    }

    /// As the story of a record tells it: `released it to picking`.
    public static string Story(OperationInfo? info, string name) => info?.Said is { } said ? Filled(said, null, null, isStory: true) : Joined(Past(Parts(name).Verb), Parts(name).Object, null);

    /// `release orders to picking`.
    public static string ToDo(OperationInfo? info, string name)
    {
        var (verb, rest) = Parts(name);
        if (info?.Said is not { } said) return Joined(verb, rest, null);
        var plain = Filled(said, null, null);
        var past = Past(verb);
        return plain.StartsWith(past, StringComparison.Ordinal) ? verb + plain[past.Length..] : Joined(verb, rest, null);
    }

    /// How somebody came in: `from the page`.
    public static string Through(Door door) => door switch
    {
        Door.Page => "from the page",
        Door.Api => "through the API",
        Door.Cli => "from the command line",
        Door.Import => "from a file",
        Door.Rule => "by a rule",
        Door.Job => "as a job",
        Door.Channel => "from a channel",
        Door.Ai => "through an assistant",
        _ => "",
    };

    /// `categories` becomes `category`.
    internal static string One(string many) =>
        many.EndsWith("ies", StringComparison.Ordinal) ? many[..^3] + "y"
        : many.EndsWith("sses", StringComparison.Ordinal) || many.EndsWith("ches", StringComparison.Ordinal) || many.EndsWith("xes", StringComparison.Ordinal) ? many[..^2]
        : many.EndsWith('s') ? many[..^1] : many;

    internal static string Past(string verb)
    {
        var space = verb.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0) return Past(verb[..space]) + verb[space..];
        if (Irregular.TryGetValue(verb, out var irregular)) return irregular;
        if (verb.EndsWith('e')) return verb + "d";
        if (verb.Length > 2 && verb.EndsWith('y') && !"aeiou".Contains(verb[^2], StringComparison.Ordinal)) return verb[..^1] + "ied";
        return Doubled.Contains(verb) ? verb + verb[^1] + "ed" : verb + "ed";
    }

    private static (string Verb, string Object) Parts(string name) => Known.GetOrAdd(name, static n =>
    {
        var words = n[(n.IndexOf('.', StringComparison.Ordinal) + 1)..].Split('-');
        var length = words.Length > 1 && Particles.Contains(words[1]) ? 2 : 1;
        return (string.Join(' ', words[..length]), string.Join(' ', words[length..]).Replace("api ", "API ", StringComparison.Ordinal));
    });

    /// Fills the noun in braces: with a number, with the one subject, or plain.
    private static string Filled(string said, int? count, string? subject, bool isStory = false)
    {
        var (open, close) = (said.IndexOf('{', StringComparison.Ordinal), said.IndexOf('}', StringComparison.Ordinal));
        if (open < 0) return Joined(said, "", subject);
        var parts = said[(open + 1)..close].Split('|');
        var noun = parts[0];
        var told = isStory ? parts.ElementAtOrDefault(1) ?? "it" : count is > 1 or 0 ? count.Value.ToString("#,0", CultureInfo.InvariantCulture) + " " + noun
            : subject is { Length: > 0 } ? $"{One(noun)} {subject}"
            : count == 1 ? "1 " + One(noun) : noun;
        return said[..open] + told + said[(close + 1)..];
    }

    private static string Joined(string verb, string rest, string? subject) => string.Join(' ', new[] { verb, rest, subject }.Where(p => !string.IsNullOrEmpty(p)));
}
