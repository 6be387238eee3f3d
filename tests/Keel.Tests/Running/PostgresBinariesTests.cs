using Keel.App.Postgres;
using Shouldly;
using Xunit;

namespace Keel.Tests.Running;

public class PostgresBinariesTests
{
    [Fact]
    public void A_named_folder_comes_before_all_others()
    {
        var package = PostgresBinaries.Find();

        PostgresBinaries.Find(named: package.Folder).Package.ShouldBeNull();
    }

    [Fact]
    public void A_named_folder_without_the_programs_is_refused_by_name()
    {
        using var empty = new DataFolder();

        Should.Throw<CannotRun>(() => PostgresBinaries.Find(named: empty.Path)).Message.ShouldContain("KEEL_PG_BIN");
    }

    [Fact]
    public async Task A_copy_has_the_links_that_the_package_lacks_and_runs()
    {
        using var folder = new DataFolder("a copy");
        var package = PostgresBinaries.Find();
        Assert.SkipWhen(package.Package is null, "No PostgreSQL package was restored.");
        Directory.CreateDirectory(folder.Path);

        var copy = package.CopyUnder(folder.Path);

        File.Exists(Path.Combine(copy.Package!, "native", "lib", "libpq.so.5")).ShouldBe(OperatingSystem.IsLinux());
        (await copy.Major(CancellationToken.None)).ShouldBeGreaterThanOrEqualTo(15);
        package.CopyUnder(folder.Path).Folder.ShouldBe(copy.Folder);
    }
}
