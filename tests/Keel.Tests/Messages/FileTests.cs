using System.Text;
using Keel.Messages;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// What a file is told by its content, and what it may be called.
public class FileTests
{
    [Theory]
    [InlineData("proof.pdf", "%PDF-1.7 …", "application/pdf")]
    [InlineData("note.txt", "The box was wet.\nTwo bowls broken.", "text/plain")]
    [InlineData("rows.CSV", "sku;quantity\nBOWL;2", "text/plain")]
    [InlineData("proof.pdf", "MZ\u0090\0\u0003 this program cannot be run", null)]
    [InlineData("picture.png", "%PDF-1.7", null)]
    [InlineData("page.txt", "  <html><script>alert(1)</script>", null)]
    [InlineData("run.txt", "#!/bin/sh\nrm -rf /", null)]
    [InlineData("run.sh", "echo harmless", null)]
    [InlineData("page.html", "hello", null)]
    [InlineData("sheet.xlsm", "PK\u0003\u0004.....[Content_Types].xml", null)]
    [InlineData("sheet.xlsx", "PK\u0003\u0004.....[Content_Types].xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    [InlineData("things.zip", "PK\u0003\u0004.....things", null)]
    [InlineData("empty.txt", "", null)]
    public void A_file_is_what_its_first_bytes_and_its_name_say_together(string name, string content, string? type) =>
        (FileKind.Of(Encoding.Latin1.GetBytes(content.Replace('…', '.')), name)?.Type).ShouldBe(type);

    [Theory]
    [InlineData("../../etc/passwd.txt", "passwd.txt")]
    [InlineData("C:\\Users\\anna\\Invoice 7.pdf", "Invoice 7.pdf")]
    [InlineData("in\r\nvoice\u202Efdp.pdf", "invoicefdp.pdf")]
    [InlineData("...", "file")]
    [InlineData("say \"hello\";<b>.png", "say hellob.png")]
    public void A_name_is_cleaned_of_folders_and_of_signs_that_steer(string given, string clean) => FileKind.CleanName(given).ShouldBe(clean);

    [Fact]
    public void A_name_is_not_too_long_and_keeps_its_ending() => FileKind.CleanName(new string('x', 300) + ".pdf").ShouldBe(new string('x', 100) + ".pdf");
}
