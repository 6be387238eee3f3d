using System.Reflection;
using System.Text;
using Xunit;

namespace Keel.Tests;

/// `docs/features.md` says which statements of the product are proven by which tests. It is made from the tests; `KEEL_WRITE=1 ./keel test FeatureList` writes it.
public class FeatureList
{
    [Fact]
    public void The_list_of_what_is_proven_is_true()
    {
        var root = Tidy.FindRoot();
        var statements = File.ReadLines(Path.Combine(root, "docs", "features.tsv")).Skip(1).Select(l => l.Split('\t')).ToArray();
        var proven = typeof(FeatureList).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods().SelectMany(m => m.GetCustomAttributes<FeatureAttribute>().Concat(t.GetCustomAttributes<FeatureAttribute>()).SelectMany(f => f.Ids).Select(id => (id, Test: $"{t.Name}.{m.Name}"))))
            .Where(p => p.Test.Length > 0).Distinct().ToLookup(p => p.id, p => p.Test);

        var unknown = proven.Select(p => p.Key).Except(statements.Select(s => s[0])).ToArray();
        Assert.Empty(unknown);
        var text = new StringBuilder("# What is proven\n\nMade from the tests by `KEEL_WRITE=1 ./keel test FeatureList`.\n\n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{statements.Count(s => proven.Contains(s[0]))} of {statements.Length} statements are proven by at least one test.\n\n| Id | Statement | Proven by |\n|---|---|---|\n");
        foreach (var statement in statements.Where(s => proven.Contains(s[0])))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {statement[0]} | {statement[1]} | {string.Join("<br>", proven[statement[0]].Order(StringComparer.Ordinal))} |\n");
        }

        var file = Path.Combine(root, "docs", "features.md");
        if (Environment.GetEnvironmentVariable("KEEL_WRITE") == "1") File.WriteAllText(file, text.ToString());
        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", text.ToString());
    }
}
