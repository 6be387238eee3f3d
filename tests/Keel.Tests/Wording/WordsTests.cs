using Shouldly;
using Xunit;

namespace Keel.Tests;

public class WordsTests
{
    [Fact]
    public async Task Dump()
    {
        await using var shop = await Shop.Open();
        File.WriteAllLines("/tmp/gt/spoken.txt", SpokenTexts.Of(shop));
    }
}
