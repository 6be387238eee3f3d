using Keel.App;
using Keel.Kernel;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The files of texts hold against the source: nothing that is said lacks its German, and nothing German is said by nobody.
public partial class WordFilesTests
{
    private static readonly string Lacking = Path.Combine(Tidy.FindRoot(), "tests", "Keel.Tests", "Wording", "untranslated.txt");

    private static IReadOnlyList<KeyValuePair<string, string>> German { get; } =
        [.. KeelModules.All.Select(m => m.GetType().Assembly).Concat([typeof(Words).Assembly, typeof(Keel.Ui.Shell).Assembly]).Distinct().SelectMany(WordFile.In).Where(f => f.Language == "de").SelectMany(f => f.Texts)];

    [Fact]
    public void Every_module_brings_its_german() => German.Count.ShouldBeGreaterThan(3_000, "the files are embedded in their modules");

    [Fact]
    public void No_german_text_is_empty() => German.Where(t => string.IsNullOrWhiteSpace(t.Value)).ShouldBeEmpty();

    [Fact]
    public void One_text_has_one_german_whatever_module_says_it() =>
        German.GroupBy(t => t.Key).Where(g => g.Select(t => t.Value).Distinct().Count() > 1).Select(g => g.Key).ShouldBeEmpty();

    [Fact]
    public void German_keeps_the_values_of_a_sentence() => German
        .Where(t => !Template.Holes(t.Key).Distinct().Order().SequenceEqual(Template.Holes(t.Value).Distinct().Order())).Select(t => t.Key).ShouldBeEmpty();

    /// What has no German yet stands in a file that only shrinks; `KEEL_WRITE=1` writes it anew, and a review sees whether it grew.
    [Fact]
    public async Task Everything_that_is_said_has_its_german()
    {
        await using var shop = await Shop.Open();
        var german = German.Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        var lacking = SourceTexts.Said.Concat(SourceTexts.Labels).Select(s => s.Key).Concat(SpokenTexts.Of(shop)).Where(k => !german.Contains(k)).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (Environment.GetEnvironmentVariable("KEEL_WRITE") == "1") await File.WriteAllLinesAsync(Lacking, lacking, TestContext.Current.CancellationToken);

        lacking.ShouldBe(await File.ReadAllLinesAsync(Lacking, TestContext.Current.CancellationToken), "Write the German beside its module (Words.de.resx), or take what has one now out of untranslated.txt.");
    }

    /// The scripts get their words from the page; what one of them says and the page does not bring would stay English.
    [Fact]
    public void Every_word_of_a_script_is_brought_along_and_has_its_german()
    {
        var scripts = Directory.EnumerateFiles(Path.Combine(Tidy.FindRoot(), "src", "App", "wwwroot"), "keel*.js").Select(File.ReadAllText).ToArray();
        var said = scripts.SelectMany(s => ScriptWord().Matches(s)).SelectMany(m => m.Groups[1].Captures.Concat(m.Groups[2].Captures)).Select(c => c.Value.Replace("\\'", "'")).ToHashSet();

        said.Count.ShouldBeGreaterThan(30);
        said.Except(Keel.Ui.ScriptWords.All).ShouldBeEmpty("add it to ScriptWords");
        Keel.Ui.ScriptWords.All.Where(w => German.All(g => g.Key != w)).ShouldBeEmpty();
    }

    [System.Text.RegularExpressions.GeneratedRegex("""\b(?:word|count)\((?:[^'()]*\? ?)?(?:\w[^',()]*, )?'((?:[^'\\]|\\.)+)'(?: [:,] '((?:[^'\\]|\\.)+)')?""")]
    private static partial System.Text.RegularExpressions.Regex ScriptWord();

    /// What lists put together in the database, such as what happens next, is read in German too.
    [Fact]
    public void What_a_list_says_from_the_database_has_its_german() =>
        SourceTexts.FromDatabase.Where(s => !German.Any(g => s.GoesOn ? g.Key.StartsWith(s.Text, StringComparison.Ordinal) : g.Key == s.Text)).Select(s => $"{s.File}: {s.Text}").Distinct().ShouldBeEmpty();

    [Fact]
    public async Task Nothing_german_is_said_by_nobody()
    {
        await using var shop = await Shop.Open();
        var said = SourceTexts.All;
        said.UnionWith(SpokenTexts.Of(shop));
        German.Select(t => t.Key).Where(k => !said.Contains(k) && !SourceTexts.IsMadeInDatabase(k) && !k.StartsWith('(')).ShouldBeEmpty("these keys are in no source any more: take them out of the file");
    }
}
