using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Keel.App;
using Keel.App.Access;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Each kind of case is a queue of its own that somebody looks after.
public class CaseKindTests
{
    [Fact, Feature("EX-08")]
    public async Task Every_kind_that_is_written_down_is_declared()
    {
        await using var shop = await Shop.Open();
        var kinds = shop.Services.GetRequiredService<CaseKinds>();

        var written = KeelModules.All.Select(m => m.GetType().Assembly).Append(typeof(Gate).Assembly).Distinct().SelectMany(a => a.GetTypes()).Where(t => !t.ContainsGenericParameters)
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)).SelectMany(KindsIn).Select(k => k.Name).Distinct().ToArray();

        written.Length.ShouldBeGreaterThan(9);
        written.Where(name => kinds.Find(name) is null).ShouldBeEmpty();
    }

    [Fact]
    public void No_kind_is_made_in_the_middle_of_the_work()
    {
        var made = Directory.GetFiles(Path.Combine(Tidy.FindRoot(), "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f).Where(l => Regex.IsMatch(l, @"new CaseKind\(")).Select(l => $"{Path.GetFileName(f)}: {l.Trim()}")).ToArray();

        made.ShouldAllBe(l => l.StartsWith("CaseWork.cs: public CaseKind KindOf", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kind_that_nobody_declared_is_not_opened()
    {
        await using var shop = await Shop.Open();
        await using var scope = shop.Scope();

        Should.Throw<InvariantBroken>(() => scope.ServiceProvider.GetRequiredService<CaseDesk>()
            .Open(new CaseKind("nobody-knows", "operations", TimeSpan.FromHours(1), Severity.Low), new DocumentRef("order", Guid.NewGuid(), "SO-1"), "It is odd."));
    }

    [Fact, Feature("EX-05", "HD-09", "OM-07")]
    public async Task Every_kind_has_a_team_a_supervisor_a_target_and_ways_to_end()
    {
        await using var shop = await Shop.Open();
        var teams = RoleSet.AsDelivered.Which(KernelPermissions.Cases).Select(r => r.Name).ToArray();

        foreach (var kind in shop.Services.GetRequiredService<CaseKinds>().All)
        {
            teams.ShouldContain(kind.Owner, kind.Name);
            teams.ShouldContain(kind.Supervisor, kind.Name);
            kind.Supervisor.ShouldNotBe(kind.Owner, kind.Name);
            kind.Target.ShouldBeGreaterThan(TimeSpan.Zero, kind.Name);
            kind.Resolutions.Count.ShouldBeGreaterThan(1, kind.Name);
            kind.Next.ShouldNotEndWith(".");
            kind.Ways.ShouldNotBeEmpty(kind.Name);
        }
    }

    [Fact, Feature("EX-07")]
    public async Task Every_way_out_names_an_operation_and_a_field_that_takes_the_subject()
    {
        await using var shop = await Shop.Open();

        foreach (var way in shop.Services.GetRequiredService<CaseKinds>().All.SelectMany(k => k.Ways).Where(w => w.Operation is not null))
        {
            var operation = shop.Catalog.Find(way.Operation!)!;
            var fields = operation.Request.GetProperties().ToDictionary(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]);
            fields.ShouldContainKey(way.Field!);
            if (way.Asks is not null) fields[way.Asks].PropertyType.ShouldBe(typeof(string));
            operation.Permission.ShouldBe(way.Permission);
        }
    }

    private static IEnumerable<CaseKind> KindsIn(FieldInfo field)
    {
        if (field.FieldType == typeof(CaseKind)) return [(CaseKind)field.GetValue(null)!];
        return typeof(IEnumerable<CaseKind>).IsAssignableFrom(field.FieldType) ? ((IEnumerable)field.GetValue(null)!).Cast<CaseKind>() : [];
    }
}
