using FsCheck;
using FsCheck.Fluent;
using Keel.Catalog.Barcodes;
using Shouldly;
using Xunit;

namespace Keel.Tests.Catalog;

public class GtinTests
{
    private static readonly Gen<string> Numbers =
        from length in Gen.Elements(7, 11, 12, 13)
        from digits in Gen.Choose(0, 9).ArrayOf(length)
        where digits.Any(d => d > 0)
        select string.Concat(digits);

    [Theory, Feature("BC-02")]
    [InlineData("96385074", true)]
    [InlineData("036000291452", true)]
    [InlineData("4006381333931", true)]
    [InlineData("10036000291459", true)]
    [InlineData("4006381333932", false)]
    [InlineData("400638133393", false)]
    [InlineData("400638133393A", false)]
    [InlineData("00000000", false)]
    [InlineData("", false)]
    public void Knows_a_gtin_by_its_length_and_check_digit(string code, bool isGtin) => Gtin.IsValid(code).ShouldBe(isGtin);

    [Fact, Feature("BC-02")]
    public void One_wrong_digit_is_always_found() => Prop.ForAll(Numbers.ToArbitrary(), Gen.Choose(0, 12).ToArbitrary(), (number, at) =>
    {
        var code = number + Gtin.CheckDigit(number);
        var place = at % code.Length;
        var wrong = code[..place] + (char)('0' + (code[place] - '0' + 1) % 10) + code[(place + 1)..];

        Gtin.IsValid(code).ShouldBeTrue(code);
        Gtin.IsValid(wrong).ShouldBeFalse(wrong);
    }).QuickCheckThrowOnFailure();

    [Fact, Feature("BC-02")]
    public void The_same_number_in_another_length_is_the_same_code()
    {
        Gtin.KeyOf("036000291452").ShouldBe(Gtin.KeyOf("0036000291452"));
        Gtin.KeyOf("A-12").ShouldBe("A-12");
    }

    [Fact, Feature("BC-02")]
    public async Task The_database_reckons_check_digits_alike()
    {
        await using var shop = await Shop.Open();
        var numbers = Numbers.Sample(100).SelectMany(n => Enumerable.Range(0, 10).Select(d => n + d)).Append("12").Append("4006381333931x")
            .ToArray();

        await using var command = shop.Source.CreateCommand("select code from unnest($1) code where catalog.is_gtin(code)");
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = numbers });
        var found = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) found.Add(reader.GetString(0));
        }

        found.Order().ShouldBe(numbers.Where(Gtin.IsValid).Order());
    }
}
