using System.IO.Compression;
using System.Security.Cryptography;
using Keel.App.Evidence;
using Keel.Ledger.Contract;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Audit;

public class EvidenceTests
{
    [Fact, Feature("DO-06")]
    public async Task An_orders_evidence_holds_what_both_books_say_and_the_seals()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 9);
        var order = await shop.Takes(("TEE-M", 2));
        var other = await shop.Takes(("TEE-M", 1));
        await shop.Ships(order);
        await shop.Ships(other);
        await Sealing.All(shop);

        var (zip, rows) = await Taken(shop, new(order.Number, null, null, "question 14"));

        rows["operations.csv"].ShouldContain(l => l.Contains("sales.place-order") && l.Contains("Keel placed order " + order.Number));
        rows["operations.csv"].Count(l => l.Contains("warehouse.ship-orders")).ShouldBe(1);
        rows["postings.csv"].Count(l => l.Contains("revenue")).ShouldBe(1);
        rows["stock-moves.csv"].Length.ShouldBe(2);
        rows["seals.csv"].Length.ShouldBeGreaterThan(1);
        rows["verification.txt"][0].ShouldContain("are as they were written and sealed");
        string.Join('\n', rows.Values.SelectMany(r => r)).ShouldNotContain(other.Number!);
        zip.GetEntry("evidence.pdf")!.Length.ShouldBeGreaterThan(2_000);
    }

    [Fact, Feature("DO-06", "SE-15")]
    public async Task Evidence_names_no_person_and_its_digests_are_right()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 9);
        var order = await shop.Takes(("TEE-M", 2));

        var (zip, rows) = await Taken(shop, new(order.Number, null, null, "question 14"));

        string.Join('\n', rows.Values.SelectMany(r => r)).ShouldNotContain("Customer 1");
        foreach (var file in zip.Entries.Where(e => e.Name.EndsWith(".csv", StringComparison.Ordinal)))
        {
            await using var content = await file.OpenAsync();
            rows["manifest.txt"].ShouldContain(l => l.Contains(file.Name), file.Name);
            rows["manifest.txt"].First(l => l.Contains(file.Name)).ShouldEndWith(Convert.ToHexStringLower(await SHA256.HashDataAsync(content)));
        }
    }

    [Fact, Feature("DO-06")]
    public async Task A_periods_evidence_holds_its_days_only()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 9);
        var before = await shop.Takes(("TEE-M", 1));
        shop.Clock.Step(TimeSpan.FromDays(2));
        var within = await shop.Takes(("TEE-M", 1));

        var (_, rows) = await Taken(shop, new(null, new DateOnly(2026, 3, 12), new DateOnly(2026, 3, 12), "all of March"));

        rows["operations.csv"].ShouldContain(l => l.Contains(within.Number!));
        rows["operations.csv"].ShouldNotContain(l => l.Contains(before.Number!));
    }

    [Fact, Feature("DO-06", "SE-12")]
    public async Task Who_takes_evidence_says_what_for_and_is_logged_at_each_download()
    {
        await using var shop = await Shop.Open();
        (await shop.Does<TakeEvidence, TakeEvidence.Request, Guid>(new("SO-1", new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 2), "both at once"))).Error.ShouldBe(TakeEvidence.OneOfBoth);
        var id = await shop.Must<TakeEvidence, TakeEvidence.Request, Guid>(new("TEE-M", null, null, "question 14"));
        (await shop.Does<DownloadEvidence, DownloadEvidence.Request, Done>(new(id))).Error.ShouldBe(DownloadEvidence.NotThere);

        await shop.Runs<BuildEvidence>();
        await shop.Must<DownloadEvidence, DownloadEvidence.Request, Done>(new(id));

        (await shop.Number($"select downloads from kernel.evidence where id = '{id}'")).ShouldBe(1);
        (await shop.Text("select string_agg(operation || ' ' || outcome, ', ' order by id) from kernel.operation_log where operation like 'kernel.%evidence'"))
            .ShouldContain("kernel.take-evidence done");
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'kernel.download-evidence' and subjects = 'TEE-M' and outcome = 'done'")).ShouldBe(1);
    }

    [Fact, Feature("SE-04")]
    public async Task A_broken_seal_is_shown_with_where_it_is_broken()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 9);
        await Sealing.All(shop);
        (await shop.Must<VerifySeals, VerifySeals.Request, VerifySeals.Answer>(new())).Differences.ShouldBe(0);
        var line = await shop.Text("select id::text from kernel.operation_log where operation = 'stock.receive'");

        await using var command = shop.Source.CreateCommand("set session_replication_role = replica; update kernel.operation_log set actor_name = 'Nobody' where operation = 'stock.receive'; reset session_replication_role");
        await command.ExecuteNonQueryAsync();
        var answer = await shop.Must<VerifySeals, VerifySeals.Request, VerifySeals.Answer>(new());

        answer.Differences.ShouldBe(1);
        (await shop.Text("select examples::text from kernel.seal_verification order by differences desc limit 1")).ShouldContain(line);
    }

    private static async Task<(ZipArchive Zip, Dictionary<string, string[]> Rows)> Taken(Shop shop, TakeEvidence.Request request)
    {
        var id = await shop.Must<TakeEvidence, TakeEvidence.Request, Guid>(request);
        await shop.Runs<BuildEvidence>();
        (await shop.Text($"select state || coalesce(problem, '') from kernel.evidence where id = '{id}'")).ShouldBe("Ready");
        await using var command = shop.Source.CreateCommand($"select content from kernel.evidence_file where evidence_id = '{id}'");
        var zip = new ZipArchive(new MemoryStream((byte[])(await command.ExecuteScalarAsync())!));
        var rows = new Dictionary<string, string[]>();
        foreach (var entry in zip.Entries.Where(e => !e.Name.EndsWith(".pdf", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            rows[entry.Name] = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        return (zip, rows);
    }
}
