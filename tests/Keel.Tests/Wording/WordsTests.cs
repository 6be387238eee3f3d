using Keel.Kernel;
using Keel.Ui;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class WordsTests
{
    public WordsTests()
    {
        Words.Learn([typeof(Words).Assembly, typeof(Shell).Assembly, .. App.KeelModules.All.Select(m => m.GetType().Assembly)]);
        Words.Speak("de");
    }

    [Fact]
    public void What_a_file_knows_is_said_in_german_and_the_rest_stays_english()
    {
        Words.Of("Orders").ShouldBe("Aufträge");
        Words.Of("Teak bowl, 22 cm").ShouldBe("Teak bowl, 22 cm");
        Words.Of(null).ShouldBeNull();
    }

    [Fact]
    public void A_sentence_with_values_puts_them_where_german_wants_them()
    {
        Words.T($"{3} of {5}").ShouldBe("3 von 5");
        Words.T($"Back to {Words.T("the list")}").ShouldBe("Zurück: die Liste");
    }

    [Fact]
    public void A_sentence_that_was_said_in_english_is_said_again()
    {
        Words.Of("SO-2026-000123 has no line 7.").ShouldBe("SO-2026-000123 hat keine Zeile 7.");
        Words.Of("It is shipped; it cannot become packed.").ShouldBe("Sie ist versandt; sie kann nicht gepackt werden.");
    }

    [Fact]
    public void One_and_many_have_their_own_words()
    {
        Words.Count(1, "1 day", "{0} days").ShouldBe("1 Tag");
        Words.Count(1_200, "1 day", "{0} days").ShouldBe("1.200 Tage");
    }

    [Theory]
    [InlineData("2026-07-01 16:00 UTC", "2026-07-01 18:00")]
    [InlineData("16:00 UTC", "16:00 UTC")]
    [InlineData("blue", "blue")]
    public void A_value_of_a_history_is_told_as_the_readers_clocks_show_it(string written, string read) =>
        new Told(DateTimeOffset.UnixEpoch, Zones.Of("Europe/Amsterdam")).Value(written).ShouldBe(read);

    [Fact]
    public void Figures_and_days_follow_the_reader()
    {
        Figures.Of(Money.Of(-1234.5m, Currency.Eur)).ShouldBe("−1.234,50\u00a0€");
        Figures.Of(1_234_567L).ShouldBe("1.234.567");
        Figures.Of(Quantity.Of(2.5m)).ShouldBe("2,5");
        new Told(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc).On(new DateOnly(2025, 3, 4)).ShouldBe("04.03.2025");
    }

    /// What a form carries and reads is the same in every language, or a saved price would change by being looked at.
    [Fact]
    public void What_forms_carry_does_not_follow_the_reader()
    {
        FormField.Written(Money.Of(1234.5m, Currency.Eur)).ShouldBe("1234.5 EUR");
        FormField.Written(new DateOnly(2026, 11, 21)).ShouldBe("2026-11-21");
        FormField.Written(Quantity.Of(2.5m)).ShouldBe("2.5");
        Money.Of(1234.5m, Currency.Eur).ToString().ShouldBe("1,234.50 EUR");
    }

    [Theory]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "de")]
    [InlineData("en-GB,de;q=0.5", "en")]
    [InlineData("fr,de;q=0.4", "de")]
    [InlineData("de;q=0,fr", "en")]
    [InlineData("", "en")]
    [InlineData(null, "en")]
    public void A_browser_is_answered_in_the_first_of_its_languages_that_there_is(string? asked, string language) => Words.Preferred(asked).ShouldBe(language);

    [Fact]
    public async Task The_language_goes_with_the_flow_and_never_back_out_of_it()
    {
        await Task.Run(() => Words.Speak("en"), TestContext.Current.CancellationToken);
        await Task.Yield();
        Words.Language.ShouldBe("de");
        Words.Speak("fr");
        Words.Language.ShouldBe("en", "what nobody speaks is English");
    }

    /// What operations write down is English whoever asks: everybody reads the same log.
    [Fact]
    public async Task Behind_the_gate_english_is_spoken()
    {
        await using var shop = await Shop.Open();
        Words.Speak("de");

        var refused = await shop.Gate.Run<App.Access.ChooseLanguage, App.Access.ChooseLanguage.Request, Done>(new("tlh"), Caller.Keel(shop.Company), TestContext.Current.CancellationToken);

        refused.Error!.Message.ShouldStartWith("Keel does not speak");
        Words.Of(refused.Error.Message).ShouldStartWith("Diese Sprache spricht Keel nicht.");
        Words.Language.ShouldBe("de");
    }
}
