using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Keel.Tests.House;

/// What is not ours was looked at before it came in.
public partial class DependencyTests
{
    private static readonly string[] Licences = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT AND OFL-1.1", "MPL-2.0", "MS-PL OR Apache-2.0", "PostgreSQL"];

    [Fact, Feature("SE-11")]
    public void Every_package_was_looked_at_and_has_a_licence_that_we_may_use()
    {
        var listed = Row().Matches(File.ReadAllText(Path.Combine(Tidy.Root, "docs", "dependencies.md"))).Select(m => (Name: m.Groups[1].Value.Trim(), Licence: m.Groups[2].Value.Trim())).Where(r => r.Name is not "Package").ToArray();
        var central = XDocument.Load(Path.Combine(Tidy.Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value);
        var web = JsonDocument.Parse(File.ReadAllText(Path.Combine(Tidy.Root, "package.json"))).RootElement;
        var used = central.Concat(new[] { "dependencies", "devDependencies", "optionalDependencies" }.SelectMany(k => web.GetProperty(k).EnumerateObject().Select(p => p.Name))).Order(StringComparer.Ordinal).ToArray();

        string.Join(' ', listed.Select(r => r.Name).Order(StringComparer.Ordinal)).ShouldBe(string.Join(' ', used), "docs/dependencies.md says what each package is for and what it can touch");
        listed.Where(r => !Licences.Contains(r.Licence)).ShouldBeEmpty();
    }

    [Fact, Feature("SE-11")]
    public void Every_project_pins_what_it_brings_in()
    {
        var projects = Directory.EnumerateFiles(Tidy.Root, "*.csproj", SearchOption.AllDirectories).Where(p => !p.Contains("node_modules", StringComparison.Ordinal)).ToArray();
        projects.Length.ShouldBeGreaterThan(10);
        projects.Where(p => !File.Exists(Path.Combine(Path.GetDirectoryName(p)!, "packages.lock.json"))).ShouldBeEmpty();
        File.Exists(Path.Combine(Tidy.Root, "package-lock.json")).ShouldBeTrue();
    }

    [GeneratedRegex(@"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|(?: [^|]+ \|)?$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
