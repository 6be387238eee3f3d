using System.Reflection;
using System.Text.RegularExpressions;
using Keel.App;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The style that can be executed, executed.
public partial class Tidy
{
    internal static readonly string Root = FindRoot();
    private static readonly string[] Kinds = ["Services", "Handlers", "Models", "Dtos", "Interfaces", "Common", "Helpers", "Utils", "Managers"];

    [Fact]
    public void No_folder_is_named_after_a_kind() =>
        Folders().Where(f => Kinds.Contains(Path.GetFileName(f))).ShouldBeEmpty();

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines() =>
        Sources("*.cs").Concat(Sources("*.razor")).Where(f => File.ReadLines(f).Count() > 400).Select(Short).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_to_do_later() =>
        Found(Sources("*.cs").Concat(Sources("*.razor")).Concat(Sources("*.sql")), Unfinished()).ShouldBeEmpty();

    [Fact]
    public void Nobody_asks_the_machine_for_the_time() =>
        Found(Sources("*.cs"), Clock()).ShouldBeEmpty();

    [Fact]
    public void Sql_has_no_clock_of_its_own() =>
        Found(Sources("*.cs").Concat(Sources("*.sql")), SqlClock()).Where(l => !l.Contains("applied_at", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void No_exception_is_swallowed() =>
        Found(Sources("*.cs"), Swallowed()).ShouldBeEmpty();

    [Fact]
    public void Money_and_quantity_are_never_floats() =>
        Found(Sources("*.cs"), Floats()).ShouldBeEmpty();

    [Fact]
    public void Pages_have_no_inline_style_or_script() =>
        Found(Sources("*.razor"), Inline()).ShouldBeEmpty();

    [Fact]
    public void A_module_reads_other_modules_only_through_what_they_publish()
    {
        var schemas = KeelModules.All.Select(m => m.GetType().Name.Replace("Module", "").ToLowerInvariant()).ToArray();
        var foreign = Sources("*.cs").Concat(Sources("*.sql")).SelectMany(file =>
        {
            var own = ModuleOf(file);
            if (own is "app" or "simulators" || !schemas.Contains(own)) return [];
            return File.ReadLines(file).SelectMany(line => SchemaTable().Matches(line).Select(m => (Schema: m.Groups[1].Value, Table: m.Groups[2].Value)))
                .Where(t => schemas.Contains(t.Schema) && t.Schema != own && !t.Table.StartsWith("pub_", StringComparison.Ordinal))
                .Select(t => $"{Short(file)}: {t.Schema}.{t.Table}");
        });

        foreign.Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Migrations_are_numbered_without_gaps() =>
        Directory.GetDirectories(Path.Combine(Root, "src")).Select(d => Path.Combine(d, "Migrations")).Where(Directory.Exists)
            .Where(d => !Directory.GetFiles(d, "*.sql").Select(f => int.Parse(Path.GetFileName(f)[..3])).Order().SequenceEqual(Enumerable.Range(1, Directory.GetFiles(d, "*.sql").Length)))
            .Select(Short).ShouldBeEmpty();

    [Fact]
    public void Only_contracts_modules_permissions_and_pages_are_public()
    {
        var open = KeelModules.All.Select(m => m.GetType().Assembly).Distinct().Where(a => a.GetName().Name is not ("Keel.App" or "Keel.Kernel" or "Keel.Ui"))
            .SelectMany(a => a.GetExportedTypes())
            .Where(t => !t.IsNested && t.Namespace?.EndsWith(".Contract", StringComparison.Ordinal) == false && !typeof(IModule).IsAssignableFrom(t)
                && !typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(t) && t.Name != "_Imports" && !t.Name.EndsWith("Permissions", StringComparison.Ordinal) && !t.IsEnum && !IsPolicy(t))
            .Select(t => t.FullName!);

        open.ShouldBeEmpty();
    }

    [Fact]
    public void Every_public_type_of_a_contract_says_what_it_promises() =>
        Sources("*.cs").Where(f => f.Contains("/Contract/", StringComparison.Ordinal))
            .SelectMany(f => Undocumented(f).Select(l => $"{Short(f)}: {l}")).ShouldBeEmpty();

    private static bool IsPolicy(Type type) => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IPolicy<>));

    private static IEnumerable<string> Undocumented(string file)
    {
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!PublicType().IsMatch(lines[i])) continue;
            var above = i - 1;
            while (above >= 0 && lines[above].StartsWith('[')) above--;
            if (above < 0 || !lines[above].StartsWith("///", StringComparison.Ordinal)) yield return lines[i].Trim();
        }
    }

    private static IEnumerable<string> Found(IEnumerable<string> files, Regex pattern) => files.SelectMany(file =>
        File.ReadLines(file).Select((line, i) => (line, i)).Where(l => pattern.IsMatch(l.line)).Select(l => $"{Short(file)}:{l.i + 1}: {l.line.Trim()}"));

    private static string ModuleOf(string file) => Short(file).Split('/')[1].ToLowerInvariant();

    private static string Short(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Folders() => Directory.GetDirectories(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories).Where(IsOurs);

    private static IEnumerable<string> Sources(string pattern) => Directory.GetFiles(Path.Combine(Root, "src"), pattern, SearchOption.AllDirectories).Where(IsOurs);

    private static bool IsOurs(string path) => !Short(path).Split('/').Any(p => p is "bin" or "obj" or "lib" or "node_modules");

    internal static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Keel.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvariantBroken("The sources are not above the tests.");
    }

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?(Now|Today)\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(now\(\)|current_timestamp|clock_timestamp\(\)|statement_timestamp\(\)|localtimestamp|current_date)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SqlClock();

    [GeneratedRegex(@"catch *(\([^)]*\))? *\{ *\}")]
    private static partial Regex Swallowed();

    [GeneratedRegex(@"\b(float|double) +[A-Za-z]*([Qq]uantity|[Aa]mount|[Pp]rice|[Cc]ost)")]
    private static partial Regex Floats();

    [GeneratedRegex(@"\sstyle=""|<script(?![^>]*\bsrc=)|\son[a-z]+=""|<style")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\b(?:from|join|into|update|table|references) +([a-z]+)\.([a-z_]+)")]
    private static partial Regex SchemaTable();

    [GeneratedRegex(@"^public (sealed |static |abstract |readonly |partial )*(record|class|enum|interface|struct)\b")]
    private static partial Regex PublicType();
}
