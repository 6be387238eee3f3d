using System.Text.Json;

namespace Keel.App.Commands;

/// Where a command answers: sentences for people, or one JSON object per line for programs.
internal sealed class Terminal(bool json, TextWriter output, TextWriter errors)
{
    private static readonly JsonSerializerOptions Line = new(JsonSerializerDefaults.Web);

    public bool IsJson => json;

    /// For people only: programs do not see it.
    public void Say(string sentence) => (json ? errors : output).WriteLine(sentence);

    /// For people, however the command was called: why something did not succeed.
    public void Warn(string sentence) => errors.WriteLine(sentence);

    /// A result: the object for programs, the sentence for people.
    public void Answer(object fact, string sentence) => output.WriteLine(json ? JsonSerializer.Serialize(fact, Line) : sentence);
}
