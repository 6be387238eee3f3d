using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

public class ImportTests
{
    private const string Door = "/api/v1/import/catalog.save-products";

    [Fact, Feature("MD-08")]
    public async Task Rows_are_accepted_or_refused_with_a_reason_and_add_up()
    {
        await using var web = await WebShop.Open();
        const string file = "sku;name;weightGrams\nP-1;\"Blue; big\";300\nP-2;Red;heavy\n;Nameless;1\nP-4;Odd\nP-5;Fine;\n";

        var tried = await Send(web, Door + "?dryRun=true", file);
        var there = await web.Shop.Number("select count(*) from catalog.product where sku like 'P-%'");
        var done = await Send(web, Door, file);

        tried.Json.GetProperty("accepted").GetInt64().ShouldBe(2);
        there.ShouldBe(0);
        (done.Json.GetProperty("read").GetInt64(), done.Json.GetProperty("accepted").GetInt64(), done.Json.GetProperty("refused").GetInt64()).ShouldBe((5, 2, 3));
        done.Json.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("row").GetInt32()).ShouldBe([3, 4, 5]);
        (await web.Shop.Text("select name from catalog.product where sku = 'P-1'")).ShouldBe("Blue; big");
    }

    [Fact, Feature("IN-17", "MD-08")]
    public async Task Places_are_made_and_described_by_files()
    {
        await using var web = await WebShop.Open();

        var made = await Send(web, "/api/v1/import/stock.create-locations", "code,node,kind,parent\nMAIN/A,MAIN,storage,\nMAIN/A/1,MAIN,pickFace,MAIN/A\nMAIN/B/1,MAIN,storage,MAIN/B\n");
        var told = await Send(web, "/api/v1/import/stock.edit-locations", "code,maxUnits,mixing,barcode\nMAIN/A/1,40,sameProduct,A1\nMAIN/Z,1,,\nMAIN/A,7,,A1\n");

        (made.Json.GetProperty("accepted").GetInt64(), made.Json.GetProperty("refused").GetInt64()).ShouldBe((2, 1));
        (told.Json.GetProperty("accepted").GetInt64(), told.Json.GetProperty("refused").GetInt64()).ShouldBe((1, 2));
        (await web.Shop.Text("select parent || ' ' || kind || ' ' || max_units || ' ' || mixing || ' ' || barcode from stock.location where code = 'MAIN/A/1'")).ShouldBe("MAIN/A PickFace 40 SameProduct A1");
    }

    [Theory]
    [InlineData("", "import.empty")]
    [InlineData("sku,name\n", "import.empty")]
    [InlineData("article,title\nA,B\n", "import.columns-missing")]
    [InlineData("sku,sku\nA,B\n", "import.header")]
    [InlineData("sku,name\nA,\"B", "import.cut-off")]
    [InlineData("sku,name\nA,B\nC", "import.cut-off")]
    [InlineData("sku,name\nA,B\0\n", "import.binary")]
    [InlineData("PK\u0003\u0004zip", "import.workbook")]
    [InlineData("%PDF-1.7 sku,name", "import.foreign")]
    [InlineData("MZ\u0090\0\u0003\0\0\0sku,name", "import.foreign")]
    [InlineData("<html><td>sku</td></html>", "import.foreign")]
    [InlineData("sku\nA\n", "import.columns-missing")]
    [InlineData("sku,,name\nA,,B\n", "import.header")]
    public async Task A_broken_file_is_refused_as_a_whole(string file, string code)
    {
        await using var web = await WebShop.Open();

        var said = await Send(web, Door, file);

        (said.Status, said.Code).ShouldBe((400, code));
        (await web.Shop.Number("select count(*) from kernel.import_job")).ShouldBe(0);
    }

    [Fact]
    public async Task Another_encoding_is_said_or_the_file_is_refused()
    {
        await using var web = await WebShop.Open();
        var bytes = System.Text.Encoding.Latin1.GetBytes("sku,name\nC-1,café\n");

        (await Send(web, Door, bytes)).Code.ShouldBe("import.encoding");
        (await Send(web, Door + "?encoding=windows-1252", bytes)).Status.ShouldBe(200);

        (await web.Shop.Text("select name from catalog.product where sku = 'C-1'")).ShouldBe("café");
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_with_what_to_do_and_leaves_nothing_on_the_disk()
    {
        await using var web = await WebShop.Open();
        var before = Directory.GetFiles(Path.GetTempPath(), "keel-import-*");
        using var announced = new HttpRequestMessage(HttpMethod.Post, Door) { Content = new StreamContent(Stream.Null) };
        announced.Content.Headers.ContentLength = 1L << 30;
        announced.Headers.ExpectContinue = true;
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var (block, left) = (new byte[1 << 20], 520); left > 0; left--) await gzip.WriteAsync(block);
        }

        using var refused = await web.Http.SendAsync(announced);
        var unpacked = await Send(web, Door, packed.ToArray());

        ((int)refused.StatusCode).ShouldBe(413);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Split it, or pack it with gzip.");
        (unpacked.Status, unpacked.Code).ShouldBe((400, "import.too-large"));
        Directory.GetFiles(Path.GetTempPath(), "keel-import-*").Except(before).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cell_that_a_spreadsheet_left_unreckoned_refuses_its_row_only()
    {
        await using var web = await WebShop.Open();

        var said = await Send(web, Door, "sku,name,weightGrams\nF-1,=A2&\"x\",1\nF-2,Jug,#REF!\nF-3,'=plain,3\n");

        said.Json.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("reason").GetString()).ShouldBe([
            "name holds the formula =A2&\"x\", not its result. Save the values and upload again.", "weightGrams holds #REF!: the spreadsheet could not reckon it. Put it right there."]);
        (await web.Shop.Text("select name from catalog.product where sku = 'F-3'")).ShouldBe("=plain");
    }

    private static Task<Said> Send(WebShop web, string address, string file) => Send(web, address, System.Text.Encoding.UTF8.GetBytes(file));

    private static async Task<Said> Send(WebShop web, string address, byte[] file)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        using var response = await web.Http.PostAsync(new Uri(address, UriKind.Relative), content);
        return new Said((int)response.StatusCode, await response.Content.ReadAsStringAsync(), false);
    }
}
