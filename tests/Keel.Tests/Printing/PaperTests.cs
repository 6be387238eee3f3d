using System.Text;
using Keel.Printing;
using Keel.Printing.Contract;
using Keel.Printing.Labels;
using Keel.Printing.Pdf;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Printing;

public class PaperTests
{
    private static readonly Letterhead Head = new("Harbour Home", "Harbour Home, Kade 1, 1011 AB Amsterdam", "IBAN NL91 ABNA 0417 1643 00 · KvK 12345678", "en");

    [Fact, Feature("DO-11")]
    public void The_same_paper_makes_the_same_bytes()
    {
        var (one, other) = (DocumentLayout.Write(Long(3), Head, "Harbour Home", 1), DocumentLayout.Write(Long(3), Head, "Harbour Home", 1));

        one.ShouldBe(other);
        DocumentLayout.Write(Long(4), Head, "Harbour Home", 1).ShouldNotBe(one);
        DocumentLayout.Write(Long(3), Head, "Harbour Home", 2).ShouldNotBe(one);
    }

    [Fact, Feature("DO-11")]
    public void Two_hundred_lines_go_over_pages_and_none_is_lost()
    {
        var text = PdfText.Of(DocumentLayout.Write(Long(200), Head, "Harbour Home", 1));

        if (Environment.GetEnvironmentVariable("KEEL_PICTURES") is { Length: > 0 } folder) File.WriteAllBytes(Path.Combine(folder, "long.pdf"), DocumentLayout.Write(Long(200), Head, "Harbour Home", 2));
        text.Pages.Count.ShouldBeGreaterThan(4);
        for (var i = 1; i <= 200; i++) text.Pages.Count(p => p.Contains($"ART-{i:D3}", StringComparison.Ordinal)).ShouldBe(1, $"line {i}");
        text.Pages.ShouldAllBe(p => p.Contains("Harbour Home", StringComparison.Ordinal) && p.Contains("Article", StringComparison.Ordinal));
        for (var i = 0; i < text.Pages.Count; i++) text.Pages[i].ShouldContain($"Page {i + 1} of {text.Pages.Count}");
        text.Pages[^1].ShouldContain("EUR 2,000.00");
    }

    [Fact]
    public void Lines_keep_within_the_page_and_amounts_end_at_one_edge()
    {
        var column = PdfText.Places(DocumentLayout.Write(Long(200), Head, "Harbour Home", 1));

        column.Where(w => w.Text.StartsWith("ART-", StringComparison.Ordinal)).ShouldAllBe(w => w.Y > 60 && w.Y < 842);
        var ends = column.Where(w => w.Text is "10.00" or "1,234.50").Select(w => Math.Round(w.X + PdfPage.Measure(w.Text, 9), 1)).Distinct().ToArray();
        ends.Length.ShouldBe(1, string.Join(" ", ends));
    }

    [Fact]
    public void A_copy_says_which_one_it_is_and_names_keep_their_letters()
    {
        var sheet = Long(1) with { To = ["Łódź Café Straße 9", "Αθήνα", "Кирилл"] };

        var (first, second) = (PdfText.Of(DocumentLayout.Write(sheet, Head, "Harbour Home", 1)), PdfText.Of(DocumentLayout.Write(sheet, Head, "Harbour Home", 2)));

        first.Pages[0].ShouldNotContain("Copy 2");
        second.Pages[0].ShouldContain("Copy 2");
        first.Pages[0].ShouldContain("Łódź Café Straße 9");
        first.Pages[0].ShouldContain("Αθήνα");
        first.Pages[0].ShouldContain("Кирилл");
    }

    [Fact]
    public void Both_languages_know_every_word_of_papers()
    {
        PaperWords.English.Keys.Order().ShouldBe(PaperWords.German.Keys.Order());
        Tongue.German.Say("invoice").ShouldBe("Rechnung");
        Tongue.German.Sum(new Money(1_234_50, Currency.Eur)).ShouldBe("EUR 1.234,50");
        Tongue.English.Sum(new Money(1_234_50, Currency.Eur)).ShouldBe("EUR 1,234.50");
        Tongue.German.Day(new DateOnly(2026, 3, 4)).ShouldBe("04.03.2026");
        Should.Throw<InvariantBroken>(() => Tongue.German.Say("gibberish"));
    }

    [Theory]
    [InlineData("SH-2026-000123"), InlineData("0123456789"), InlineData("12345"), InlineData("A1"), InlineData("~^>_\\ x"), InlineData("AB123456C")]
    public void Bars_of_Code_128_say_what_was_written(string text)
    {
        Code128.Bars(text).Sum().ShouldBe(Code128.Values(text, gs1: false).Count * 11 + 2);
        Read(Code128.Values(text, gs1: false)).ShouldBe(text);
        Read(Code128.Values(text, gs1: true)).ShouldBe("\u001d" + text);
    }

    [Fact]
    public void Digits_go_in_pairs_and_the_check_is_right()
    {
        // Start C, 42 18 40 20, switch to B, 5, check, stop: the example of the standard for pairs with one digit left.
        Code128.Values("421840205", gs1: false).ShouldBe([105, 42, 18, 40, 20, 100, 21, (105 + 42 + 36 + 120 + 80 + 500 + 126) % 103, 106]);
    }

    [Fact]
    public void A_container_code_has_eighteen_digits_and_GS1s_check_digit()
    {
        Sscc.CheckDigit("34012345123456789").ShouldBe(5);
        var code = Sscc.Of("4012345", 2_026_000_123);
        code.Length.ShouldBe(18);
        code.ShouldStartWith("24012345" + "026000123");
        Sscc.IsValid(code).ShouldBeTrue();
        Sscc.IsValid(code[..17] + (code[17] == '0' ? '1' : '0')).ShouldBeFalse();
    }

    [Fact]
    public void No_text_on_a_label_can_be_a_command_of_the_printer()
    {
        var label = new LabelSheet("Label", "X", 60, 40, [new LabelText(10, 10, 30, 500, "^XZ~JA_ é"), new LabelBars(10, 50, 500, 100, "A^B~C>D"), new LabelSquare(10, 200, 100, "^FS")]);

        var zpl = Zpl.Write(label, 203);

        zpl.ShouldContain("_5EXZ_7EJA_5F _C3_A9");
        zpl.ShouldContain("^FD>:A><B>=C>0D^FS");
        zpl.Split("^XZ").Length.ShouldBe(2);
        zpl.Count(c => c == '~').ShouldBe(0);
        zpl.ShouldContain("^PW480");
    }

    [Fact]
    public void A_long_name_is_set_smaller_and_cut_only_at_last()
    {
        LabelPdf.Fit(new LabelText(0, 0, 50, 600, "Short")).ShouldBe((50, "Short"));
        var (height, text) = LabelPdf.Fit(new LabelText(0, 0, 50, 300, "A name that is a good deal longer than its label is wide"));
        height.ShouldBe(30);
        text.ShouldStartWith("A name");
        text.Length.ShouldBeLessThan(40);
    }

    [Fact, Feature("DO-11")]
    public async Task Every_kind_of_paper_of_a_shipped_order_can_be_opened()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("letterhead", Head with { Gs1Prefix = "4012345", Language = "de" });
        var (order, shipment, invoice) = await shop.Shipped();
        await shop.Credits(order, 1, 1);
        await shop.Must<Keel.Sales.NumberInvoices, Keel.Sales.NumberInvoices.Request, int>(new());
        var credit = await shop.Text("select id from sales.invoice where is_credit");
        var printer = await shop.HasPrinter("Zebra", PaperForm.Label);
        var count = await shop.Must<Keel.Stock.PlanCounts, Keel.Stock.PlanCounts.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK")]));
        await shop.Stocks("MUG-BL", 2);
        var package = await shop.Must<Keel.Stock.MakePackages, Keel.Stock.MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK"));
        await shop.Must<Keel.Stock.PackGoods, Keel.Stock.PackGoods.Request, DocumentRef>(new(package[0].Number, [new("MUG-BL", 2)]));
        var owner = await Stock.OwnerTests.Agrees(shop, ("MUG-BL", 6m));
        await Stock.OwnerTests.Receives(shop, owner, ("MUG-BL", 12));
        var statement = await shop.Must<Keel.Stock.StateOwner, Keel.Stock.StateOwner.Request, DocumentRef>(new(owner));
        await shop.Stocks("BOWL", 9);
        var transfer = await shop.Must<Keel.Stock.RequestTransfer, Keel.Stock.RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("BOWL", 4)]));
        await shop.Must<Keel.Sales.SaveQuote, Keel.Sales.SaveQuote.Request, Keel.Sales.SaveQuote.Answer>(new("webshop", await shop.Text($"select p.number from partners.partner p join sales.orders o on o.customer_id = p.id where o.id = '{order.Id}'"), [new("BOWL", 2)]));
        var quote = await shop.Text("select id from sales.quote");
        await Warehouse.SupplierOrderTests.Sells(shop, "THROW");
        var asked = await shop.Text("select id from warehouse.supplier_order order by number limit 1");
        await using var scope = shop.Scope();
        var book = scope.ServiceProvider.GetRequiredService<PaperBook>();

        (string Paper, string Key, string Says)[] all =
        [
            ("invoice", invoice, "Rechnung INV-2026-000001"), ("credit-note", credit, "Gutschrift CN-2026-000001"), ("packing-slip", shipment, "Lieferschein SH-2026-000001"), ("pick-list", shipment, "MAIN"),
            ("shipping-label", shipment, "(00) 240123450260000010"), ("product-label", "MUG-BL", "Mug, blue"), ("bin-label", "MAIN/STOCK", "STOCK"), ("test-label", printer.ToString(), "Zebra"),
            ("count-sheet", count[0].Id.ToString(), "Zählliste CT-2026-000001"), ("package-label", package[0].Id.ToString(), package[0].Number), ("owner-statement", statement.Id.ToString(), "Warenabrechnung CS-2026-000001"),
            ("transfer-note", transfer.Id.ToString(), "Umlagerungsschein TF-2026-000001"), ("quote", quote, "Angebot QU-2026-000001"),
            ("supplier-order", asked, "Lieferantenbestellung PO-2026-000001"),
        ];

        all.Select(a => a.Paper).Order().ShouldBe(book.Kinds.Select(k => k.Name).Order());
        foreach (var (paper, key, says) in all)
        {
            var printed = (await book.Print(paper, key, copy: 1, null)).Value;
            PdfText.Of(printed.Content).Pages[0].ShouldContain(says, customMessage: paper);
            (await book.Print(paper, key, copy: 1, null)).Value.Content.ShouldBe(printed.Content);
            if (Environment.GetEnvironmentVariable("KEEL_PICTURES") is { Length: > 0 } folder) await File.WriteAllBytesAsync(Path.Combine(folder, paper + ".pdf"), printed.Content);
        }

        (await Note()).ShouldContain("MAIN/STOCK");
        await shop.Must<Keel.Stock.ShipTransfer, Keel.Stock.ShipTransfer.Request, DocumentRef>(new(new Id<Keel.Stock.Transfer>(transfer.Id)));
        (await Note()).ShouldContain("Abgegangen");
        transfer = await shop.Must<Keel.Stock.RequestTransfer, Keel.Stock.RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("BOWL", 1)]));
        await shop.Must<Keel.Stock.FreezeStock, Keel.Stock.FreezeStock.Request, Id<Keel.Stock.Freeze>>(new(Location: "MAIN/STOCK", Sku: "BOWL", Reason: "leak"));
        (await Note()).ShouldNotContain("MAIN/STOCK", customMessage: "nobody is sent to goods that are frozen");
        (await book.Print("invoice", invoice, 1, zplDpi: 203)).Error.ShouldBe(PaperBook.NoZpl);
        (await book.Print("invoice", shipment, 1, null)).Error.ShouldBe(PaperBook.NotReady);
        (await book.Print("shipping-label", "nonsense", 1, null)).Error.ShouldBe(PaperBook.NotReady);

        async Task<string> Note() => PdfText.Of((await book.Print("transfer-note", transfer.Id.ToString(), copy: 1, null)).Value.Content).Pages[0];
    }

    [Fact, Feature("IN-18")]
    public async Task Papers_name_the_lots_that_are_set_aside_and_those_that_left()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Keel.Catalog.Contract.Tracking.Lot));
        await shop.Must<Keel.Stock.ReceiveGoods, Keel.Stock.ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([
            new("MAIN", [new("TEA", 3, new UnitPrice(1_000_000, Currency.Eur), "T-OLD", new DateOnly(2026, 6, 1)), new("TEA", 9, new UnitPrice(1_000_000, Currency.Eur), "T-NEW", new DateOnly(2026, 9, 1))])]));
        await shop.Releases(await shop.Takes(("TEA", 5)));
        var shipment = await shop.Text("select id from warehouse.shipment");
        await using var scope = shop.Scope();
        var book = scope.ServiceProvider.GetRequiredService<PaperBook>();

        (await Reads("pick-list")).ShouldContain("STOCK 3 Tea, lot T-OLD TEA ____ STOCK 2 Tea, lot T-NEW TEA");
        (await Reads("packing-slip")).ShouldContain("Tea, lot T-OLD, T-NEW");
        await shop.Must<Keel.Warehouse.ShipShipments, Keel.Warehouse.ShipShipments.Request, IReadOnlyList<Keel.Warehouse.ShipmentAnswer>>(new([new Id<Keel.Warehouse.Shipment>(Guid.Parse(shipment))]));
        (await Reads("packing-slip")).ShouldContain("T-NEW, T-OLD");

        async Task<string> Reads(string paper) => string.Join(' ', PdfText.Of((await book.Print(paper, shipment, copy: 1, null)).Value.Content).Pages[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact, Feature("OM-28", "IN-37")]
    public async Task Papers_name_the_kit_that_goods_were_sold_in()
    {
        await using var shop = await Sales.KitOrderTests.Gifts();
        await shop.Stocks("MUG-BL", 9);
        await shop.Stocks("CANDLE", 9);
        await shop.Stocks("BOWL", 9);
        await shop.Releases(await shop.Takes(("GIFT", 1), ("BOWL", 2)));
        var shipment = await shop.Text("select id from warehouse.shipment");
        await using var scope = shop.Scope();
        var book = scope.ServiceProvider.GetRequiredService<PaperBook>();

        foreach (var paper in new[] { "pick-list", "packing-slip" })
        {
            var text = string.Join(' ', PdfText.Of((await book.Print(paper, shipment, copy: 1, null)).Value.Content).Pages[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            text.ShouldContain("Mug, blue, part of", customMessage: paper);
            text.ShouldContain("Bowl BOWL", customMessage: paper);
        }
    }

    [Fact]
    public async Task Who_gets_a_paper_with_names_on_it_is_remembered()
    {
        await using var shop = await Shop.Open();
        var (_, shipment, invoice) = await shop.Shipped();
        var ines = await shop.Person("Ines", "operations");
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Work>().Actor = ines;
        var book = scope.ServiceProvider.GetRequiredService<PaperBook>();

        (await book.Print("invoice", invoice, copy: 1, null)).Ok.ShouldBeTrue();
        (await book.Print("pick-list", shipment, copy: 1, null)).Ok.ShouldBeTrue();
        await shop.Services.GetRequiredService<Sights>().Write();

        (await shop.Text("select string_agg(actor_name || ' ' || what || ' ' || record, ', ') from kernel.sight")).ShouldBe($"Ines invoice {invoice}");
    }

    private static DocumentSheet Long(int lines) => new("Invoice", "INV-2026-000001", Tongue.English)
    {
        Day = new DateOnly(2026, 3, 10),
        To = ["Café Nord", "Zijlweg 12", "2013 DH Haarlem", "NL"],
        Barcode = "INV-2026-000001",
        Facts = [new("Date", "10 Mar 2026"), new("Order", "SO-2026-000123")],
        Columns = [new("#", 4), new("Article", 16), new("What", 40), new("Total", 15, IsRight: true)],
        Lines = [.. Enumerable.Range(1, lines).Select(i => (IReadOnlyList<string>)
            [$"{i}", $"ART-{i:D3}", i % 7 == 0 ? "A mug with a description that is so long that it needs a second line in its column of the page" : "Mug, blue", i % 3 == 0 ? "1,234.50" : "10.00"])],
        Totals = [new("Net", "EUR 1,652.89"), new("Total", "EUR 2,000.00", IsStrong: true)],
        Remarks = ["Thank you for your order."],
    };

    /// What a scanner says of the symbol's values, with GS1's mark as group separator.
    private static string Read(IReadOnlyList<int> values)
    {
        values[^1].ShouldBe(106);
        values.Take(values.Count - 2).Select((v, i) => v * Math.Max(1, i)).Sum().ShouldBe(values[^2] + 103 * (values.Take(values.Count - 2).Select((v, i) => v * Math.Max(1, i)).Sum() / 103));
        var text = new StringBuilder();
        var pairs = values[0] == 105;
        foreach (var value in values.Skip(1).Take(values.Count - 3))
        {
            if (value == 102) text.Append('\u001d');
            else if (pairs && value == 100) pairs = false;
            else if (!pairs && value == 99) pairs = true;
            else text.Append(pairs ? value.ToString("D2") : ((char)(value + 32)).ToString());
        }

        return text.ToString();
    }
}
