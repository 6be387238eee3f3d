using Keel.App;
using Keel.Kernel;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The files of texts hold against the source: nothing that is said lacks its German, and nothing German is said by nobody.
public class WordFilesTests
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

    [Fact]
    public async Task Nothing_german_is_said_by_nobody()
    {
        await using var shop = await Shop.Open();
        var said = SourceTexts.All;
        said.UnionWith(SpokenTexts.Of(shop));
        German.Select(t => t.Key).Where(k => !said.Contains(k) && !k.StartsWith('(')).ShouldBeEmpty("these keys are in no source any more: take them out of the file");
    }
}
