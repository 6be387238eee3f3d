using System.IO.Compression;
using Keel.Simulators.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Simulators;

public class OnlineRetailTests
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    private static readonly string[] Few =
    [
        "536365,85123A,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
        "536365,85123a,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
        "536365,85123A,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
        "536365,POST,POSTAGE,1,2010-12-01 08:27:00,18.00,17850.0,United Kingdom",
        "536366,22633,\"HAND WARMER, UNION JACK\",4,2010-12-01 09:00:00,1.85,,France",
        "536367,22633,,20,2010-12-01 10:00:00,0,,United Kingdom",
        "536368,22633,damaged,-3,2010-12-02 10:00:00,0,,United Kingdom",
        "C536369,85123A,WHITE LANTERN,-2,2010-12-02 11:00:00,2.55,17850.0,United Kingdom",
        "C536370,85123A,WHITE LANTERN,-2,2010-12-02 11:30:00,9.99,17850.0,United Kingdom",
        "C536371,AMAZONFEE,AMAZON FEE,-1,2010-12-02 12:00:00,100.50,,United Kingdom",
        "C536372,D,Discount,-1,2010-12-02 12:30:00,5.00,17850.0,United Kingdom",
        "A536373,B,Adjust bad debt,1,2010-12-02 13:00:00,-40.00,,United Kingdom",
        "536374,DOT,,1,2010-12-02 14:00:00,0,,United Kingdom",
        "536375,PADS,PADS,1,2010-12-02 15:00:00,0.001,17850.0,EIRE",
        "536376,22633,HAND WARMER,many,2010-12-02 15:00:00,1.00,17850.0,EIRE",
    ];

    [Fact, Feature("OM-01")]
    public async Task Every_line_is_accepted_refused_or_waits_by_a_stated_rule()
    {
        await using var shop = await Shop.Open();

        var result = await Import(shop, Few);
        var again = await Import(shop, Few);

        result.Read.ShouldBe(new Tally(15, Few.Take(14).Select(Amount).Sum()));
        (result.Accepted.Lines, result.Refused.Lines, result.Waiting.Lines).ShouldBe((13, 2, 0));
        (result.Accepted + result.Refused + result.Waiting).ShouldBe(result.Read);
        result.Rules.Single(r => r.Rule.StartsWith("exact duplicates", StringComparison.Ordinal)).Lines.ShouldBe(2);
        result.Rules.Single(r => r.Rule.StartsWith("codes in another case", StringComparison.Ordinal)).Lines.ShouldBe(1);
        again.ChangedNothing.ShouldBeTrue();
        (again.Accepted, again.Refused).ShouldBe((result.Accepted, result.Refused));
        (await Facts(shop)).ShouldBe("3 orders, 1 credits, invoiced 6620, stock 26120");
        await Ties(shop);
    }

    [Fact]
    public async Task The_first_days_of_the_real_file_tie_and_a_run_that_was_killed_ends_the_same()
    {
        var lines = RealFile().TakeWhile(l => !l.Contains(",2010-12-04 ", StringComparison.Ordinal) && !l.Contains(",2010-12-05 ", StringComparison.Ordinal)).ToArray();
        await using var whole = await Shop.Open();
        await using var killed = await Shop.Open();

        var result = await Import(whole, lines);
        await Should.ThrowAsync<OperationCanceledException>(() => Import(killed, lines, killAt: 0.3));
        var resumed = await Import(killed, lines);

        result.Read.ShouldBe(new Tally(lines.Length, lines.Select(Amount).Sum()));
        (result.Accepted + result.Refused + result.Waiting).ShouldBe(result.Read);
        foreach (var cell in result.Cells)
        {
            var own = lines.Where(l => l.EndsWith("," + cell.Country, StringComparison.Ordinal) && l.Contains("," + cell.Month, StringComparison.Ordinal)).ToArray();
            cell.Read.ShouldBe(new Tally(own.Length, own.Select(Amount).Sum()));
        }

        (resumed.Accepted, resumed.Refused, resumed.Waiting).ShouldBe((result.Accepted, result.Refused, result.Waiting));
        (await Facts(killed)).ShouldBe(await Facts(whole));
        await Ties(whole);
        await Ties(killed);
    }

    private static async Task<ImportResult> Import(Shop shop, IEnumerable<string> lines, double killAt = 2)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, lines.Prepend(Header));
        using var kill = new CancellationTokenSource();
        try
        {
            return await OnlineRetailImport.Run(shop.Services, file, new Watch(p => { if (p.Of > 1 && p.Share >= killAt) kill.Cancel(); }), kill.Token);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> RealFile()
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("KEEL_DATA") ?? Path.Combine(Tidy.FindRoot(), "..", "shared", "data"), "orders/online-retail/online_retail.csv.gz");
        if (!File.Exists(path)) Assert.Skip("The real file is not here: name its folder in KEEL_DATA.");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line) yield return line;
    }

    /// Fields from the right, as descriptions may hold commas.
    private static decimal Amount(string line)
    {
        var fields = line.Split(',');
        return decimal.Parse(fields[^5]) * decimal.Parse(fields[^3]);
    }

    private static Task<string> Facts(Shop shop) => shop.Text(
        """
        select (select count(*) from sales.orders o where o.company_id = c.id) || ' orders, ' || (select count(*) from sales.invoice i where i.company_id = c.id and is_credit) || ' credits, invoiced '
          || (select sum(invoiced) from sales.orders o where o.company_id = c.id) || ', stock ' || (select sum(on_hand) + sum(reserved) * 1000 + (select sum(value) from stock.cost_pool p where p.company_id = c.id) from stock.position p where p.company_id = c.id)
        from kernel.company c where code = 'online-retail'
        """);

    private static async Task Ties(Shop shop)
    {
        var report = await shop.Services.GetRequiredService<Prover>().Run(ProofDepth.Full);
        report.Checks.Where(c => c.Differences > 0).Select(c => $"{c.Name}: {string.Join("; ", c.Examples)}").ShouldBeEmpty();
    }

    private sealed class Watch(Action<Progress> told) : IProgress<Progress>
    {
        public void Report(Progress value) => told(value);
    }
}
