using Keel.Messages;
using Keel.Messages.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// Mail is written with what it tells, leaves once, and says what somebody chose to say.
public class MailTests
{
    [Fact]
    public async Task Without_a_server_mail_stands_in_the_test_inbox()
    {
        await using var shop = await Shop.Open();
        var (anna, boss) = (await shop.Person("Anna", "store"), await shop.Person("Boss", "finance"));

        await shop.AsksToCorrect(anna, found: 2);
        await shop.Delivers();
        await shop.Delivers();

        (await shop.Text("select string_agg(to_name || ' ' || template || ' ' || state, ', ') from messages.mail")).ShouldBe("Boss approval-waits Kept");
        (await shop.Text("select text from messages.mail")).ShouldContain("Hello Boss,");
        (await shop.Text("select html from messages.mail")).ShouldContain("<a href=\"/decide/");
    }

    [Fact]
    public async Task Mail_leaves_over_the_server_that_is_set_with_links_that_lead_home()
    {
        await using var shop = await Shop.Open();
        using var server = new SmtpServer();
        await shop.SetsMailServer(server.Port);

        await shop.Must<SendTestMail, SendTestMail.Request, Id<Mail>>(new("me@harbour.example"));
        await shop.Delivers();
        await shop.Delivers();

        server.Taken.Count.ShouldBe(1);
        server.Taken[0].ShouldContain("<me@harbour.example>");
        server.Taken[0].ShouldContain($"Message-ID: <{await shop.Text("select id from messages.mail")}@keel>");
        (await shop.Text("select state || ' ' || text from messages.mail")).ShouldContain("https://keel.example/settings/mail");
        (await shop.Text("select state from messages.mail")).ShouldBe("Sent");
    }

    [Fact]
    public async Task A_server_that_says_no_is_asked_again_later_and_after_that_somebody_sends_the_letter_again()
    {
        await using var shop = await Shop.Open();
        using var server = new SmtpServer { IsFull = true };
        await shop.SetsMailServer(server.Port);
        await shop.Must<SendTestMail, SendTestMail.Request, Id<Mail>>(new("me@harbour.example"));

        await shop.Delivers();
        (await shop.Text("select state || ' ' || attempts from kernel.outbox where deliverer like '%SendMail'")).ShouldBe("Waiting 1");
        for (var i = 0; i < 12; i++)
        {
            shop.Clock.Step(TimeSpan.FromHours(2));
            await shop.Delivers();
        }

        (await shop.Text("select state from kernel.outbox where deliverer like '%SendMail'")).ShouldBe("Dead");
        (await shop.Text("select state from messages.mail")).ShouldBe("Waiting");
        (await shop.Text("select problem from kernel.outbox where deliverer like '%SendMail'")).ShouldContain("disk is full");
        server.IsFull = false;
        await shop.Must<ReplayDeadLetters, ReplayDeadLetters.Request, int>(new());
        await shop.Delivers();

        server.Taken.Count.ShouldBe(1);
        (await shop.Text("select state from messages.mail")).ShouldBe("Sent");
    }

    [Fact]
    public async Task The_password_of_a_server_is_sealed_and_stays_when_it_is_not_typed_again()
    {
        await using var shop = await Shop.Open();
        await shop.SetsMailServer(2525, "the harbour's own word");
        var first = await shop.Text("select secret from messages.mail_server");

        await shop.SetsMailServer(2526, "");

        first.ShouldNotBeEmpty();
        first.ShouldNotContain("harbour");
        (await shop.Text("select port || ' ' || secret from messages.mail_server")).ShouldBe("2526 " + first);
        (await shop.Number("select count(*) from kernel.operation_payload p join kernel.operation_log l on l.id = p.operation_id where l.operation = 'messages.set-mail-server'")).ShouldBe(0);
    }

    [Fact]
    public async Task Those_who_want_a_digest_get_one_mail_each_morning_with_everything_of_the_day()
    {
        await using var shop = await Shop.Open();
        var (order, anna, ben) = (await shop.Takes(("BOWL", 1)), await shop.Person("Anna", "service"), await shop.Person("Ben", "service"));
        await shop.Writes(anna, order, "@Ben one");
        await shop.Writes(anna, order, "@Ben two");

        await shop.Runs<SendDigestsJob>();
        (await shop.Number("select count(*) from messages.mail")).ShouldBe(0);
        shop.Clock.StepTo(Shop.Morning.AddDays(1));
        for (var i = 0; i < 3; i++) await shop.Runs<SendDigestsJob>();

        (await shop.Text("select string_agg(to_name || ': ' || title, ', ') from messages.mail")).ShouldBe("Ben: 2 notices for you");
        (await shop.Text("select text from messages.mail")).ShouldContain("Anna named you: @Ben two");
    }

    [Fact]
    public async Task A_template_takes_only_placeholders_that_it_knows_and_keeps_its_versions()
    {
        await using var shop = await Shop.Open();
        Task<Result<int>> Saves(string body) => shop.Does<SaveTemplate, SaveTemplate.Request, int>(new("notice", "en", "About {{record}}", body));

        var unknown = await Saves("Hello {{persno}}, {{sentence}}");
        unknown.Error!.Fields.ShouldContain(f => f.Field == "body" && f.Message.Contains("{{persno}}", StringComparison.Ordinal));
        (await Saves("Hello {{person}}, nothing to say")).Error!.Fields.ShouldContain(f => f.Message.Contains("{{sentence}}", StringComparison.Ordinal));
        (await Saves("Dear {{person}},\n\n{{ sentence }}")).Value.ShouldBe(1);
        (await Saves("Dearest {{person}},\n\n{{sentence}}")).Value.ShouldBe(2);

        (await shop.Text("select string_agg(version || ' ' || left(body, 7), ', ' order by version) from messages.template")).ShouldBe("1 Dear {{, 2 Dearest");
    }

    [Fact]
    public void Values_never_become_markup_or_placeholders()
    {
        var values = new Dictionary<string, object?> { ["person"] = "<b>Eve</b>", ["sentence"] = "{{record}} <script>", ["record"] = "SO-1",
            ["link"] = "/orders/1", ["kind"] = "x\r\nBcc: all@example.org" };

        var letter = Letter.Fill(OwnMails.Notice, OwnMails.Notice.English, values, "en", "https://keel.example");

        letter.Html.ShouldContain("Hello &lt;b&gt;Eve&lt;/b&gt;");
        letter.Html.ShouldContain("{{record}} &lt;script&gt;");
        letter.Html.ShouldContain("<p class=\"go\"><a href=\"https://keel.example/orders/1\">Open it</a></p>");
        letter.Title.ShouldNotContain("\n");
        letter.Text.ShouldContain("https://keel.example/orders/1");
    }
}
