using System.Reflection;
using System.Text;
using Keel.App;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// What others may hold on to: each module's public face and the names on the API. A change shows in review as a change of these files;
/// `KEEL_WRITE=1 ./keel test Faces` writes them anew.
public class Faces
{
    private static readonly string Folder = Path.Combine(Tidy.FindRoot(), "tests", "Keel.Tests", "Faces");

    public static TheoryData<string> Modules => [.. KeelModules.All.Select(m => m.GetType().Assembly.GetName().Name!).Append("Keel.Kernel").Distinct().Where(n => n != "Keel.App")];

    [Theory, MemberData(nameof(Modules))]
    public void A_modules_public_face_changes_only_on_purpose(string assembly)
    {
        var types = AppDomain.CurrentDomain.GetAssemblies().Concat(KeelModules.All.Select(m => m.GetType().Assembly)).First(a => a.GetName().Name == assembly).GetExportedTypes();

        Same(assembly + ".txt", string.Join('\n', types.Where(t => !typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(t)).OrderBy(t => t.FullName, StringComparer.Ordinal).Select(Face)));
    }

    [Fact, Feature("CH-16", "CH-25")]
    public async Task The_names_on_the_api_change_only_on_purpose()
    {
        await using var shop = await Shop.Open();

        var operations = shop.Catalog.Operations.OrderBy(o => o.Name, StringComparer.Ordinal).Select(o => $"POST {o.Name} ({o.Permission}): {Shape(o.Request)} -> {Shape(o.Answer)}");
        var views = shop.Catalog.Views.Select(v => Keel.Kernel.Views.ViewInfo.Of(v)).OrderBy(v => v.Name, StringComparer.Ordinal).Select(v => $"GET {v.Name} ({v.Permission}): {string.Join(", ", v.Columns.Select(c => c.Name))}");

        Same("api.txt", string.Join('\n', operations.Concat(views)));
    }

    internal static void Same(string name, string now)
    {
        var file = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("KEEL_WRITE") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, now + "\n");
        }

        File.Exists(file).ShouldBeTrue($"{name} is missing: KEEL_WRITE=1 ./keel test Faces writes it.");
        now.ShouldBe(File.ReadAllText(file).TrimEnd('\n'), $"{name} changed. If that is meant: KEEL_WRITE=1 ./keel test Faces");
    }

    private static string Shape(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance) is { Length: > 0 } all && type.Namespace?.StartsWith("Keel", StringComparison.Ordinal) == true
        ? "{" + string.Join(", ", all.Where(p => p.GetIndexParameters().Length == 0).Select(p => $"{p.Name}: {Name(p.PropertyType)}")) + "}"
        : Name(type);

    private static string Face(Type type)
    {
        var text = new StringBuilder(type.IsInterface ? "interface " : type.IsEnum ? "enum " : "type ").Append(Name(type));
        if (type.IsEnum) return text.Append(" { ").AppendJoin(", ", Enum.GetNames(type)).Append(" }").ToString();
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var property in type.GetProperties(Own).OrderBy(p => p.Name, StringComparer.Ordinal)) text.Append("\n  ").Append(Name(property.PropertyType)).Append(' ').Append(property.Name);
        foreach (var method in type.GetMethods(Own).Where(m => !m.IsSpecialName && !m.Name.Contains('<') && m.Name is not ("Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "PrintMembers"))
            .OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.GetParameters().Length))
        {
            text.Append("\n  ").Append(Name(method.ReturnType)).Append(' ').Append(method.Name).Append('(').AppendJoin(", ", method.GetParameters().Select(p => Name(p.ParameterType) + " " + p.Name)).Append(')');
        }

        return text.ToString();
    }

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        var name = type.IsNested && !type.IsGenericParameter ? $"{type.DeclaringType!.Name.Split('`')[0]}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
