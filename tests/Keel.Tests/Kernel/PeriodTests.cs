using Keel.Kernel.Views;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

public class PeriodTests
{
    [Theory]
    [InlineData("today", "2026-11-21", "2026-11-21")]
    [InlineData("today-1", "2026-11-20", "2026-11-20")]
    [InlineData("today+30", "2026-12-21", "2026-12-21")]
    [InlineData("last7", "2026-11-15", "2026-11-21")]
    [InlineData("week", "2026-11-16", "2026-11-22")]
    [InlineData("week-1", "2026-11-09", "2026-11-15")]
    [InlineData("month", "2026-11-01", "2026-11-30")]
    [InlineData("month-1", "2026-10-01", "2026-10-31")]
    [InlineData("quarter", "2026-10-01", "2026-12-31")]
    [InlineData("year-1", "2025-01-01", "2025-12-31")]
    public void A_word_means_days_from_the_day_on_which_it_is_read(string word, string first, string last) =>
        ViewPeriod.Of(word, new DateOnly(2026, 11, 21)).ShouldBe((DateOnly.Parse(first, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(last, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("todays")]
    [InlineData("last")]
    [InlineData("last-7")]
    [InlineData("last0")]
    [InlineData("month7")]
    [InlineData("today+99999")]
    [InlineData("fortnight")]
    public void Other_words_mean_no_days(string word) => ViewPeriod.Of(word, new DateOnly(2026, 11, 21)).ShouldBeNull();

    [Fact]
    public void What_a_filter_offers_it_says_in_words_and_understands()
    {
        foreach (var (code, words) in ViewPeriod.Usual)
        {
            ViewPeriod.Spoken(code).ShouldBe(words);
            ViewPeriod.Of(code, new DateOnly(2026, 2, 28)).ShouldNotBeNull();
        }
    }
}
