using System.Net.Sockets;
using System.Text;
using Keel.App.Access;
using Keel.Messages;
using Keel.Tests.Doors;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// Files on records through the doors.
public class FileDoorTests
{
    [Fact, Feature("DO-01")]
    public async Task A_file_is_handed_in_taken_along_and_removed()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        await using var site = await Site.Open(shop);
        await site.Goes($"/orders/{order.Id}");
        await HandsIn(site, "Päckchen\u202E.pdf", "%PDF-1.7 the label");

        await site.Sees("Päckchen.pdf", "#stream");
        var file = await shop.Text("select id from messages.file");
        var answer = await site.Page.APIRequest.GetAsync(new Uri(new Uri(site.Page.Url), $"/files/{file}").ToString(), new() { Headers = await Cookie(site) });
        (await answer.TextAsync()).ShouldBe("%PDF-1.7 the label");
        answer.Headers["content-disposition"].ShouldStartWith("attachment");
        answer.Headers["x-content-type-options"].ShouldBe("nosniff");
        answer.Headers["content-security-policy"].ShouldContain("sandbox");
        (await shop.Does<RemoveFile, RemoveFile.Request, Done>(new(new Id<RecordFile>(Guid.Parse(file))))).Ok.ShouldBeTrue();

        (await site.Page.APIRequest.GetAsync(new Uri(new Uri(site.Page.Url), $"/files/{file}").ToString(),
            new() { Headers = await Cookie(site) })).Status.ShouldBe(404);
        (await shop.Number("select count(*) from messages.file_content")).ShouldBe(0);
        (await shop.Text("select name || ' ' || length(digest) || ' ' || removed_by from messages.file")).ShouldBe("Päckchen.pdf 32 Keel");
    }

    [Fact]
    public async Task A_file_of_a_wrong_kind_is_refused_and_nothing_of_it_is_kept()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        await using var site = await Site.Open(shop);
        await site.Goes($"/orders/{order.Id}");

        await HandsIn(site, "label.pdf", "MZ\u0001\u0002 a program");

        await site.Sees("Save it as one of these");
        (await shop.Number("select count(*) from messages.file_content")).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_of_a_gigabyte_is_refused_before_it_is_read()
    {
        await using var web = await WebShop.Open();
        var made = await web.Gate.Run<CreateApiKey, CreateApiKey.Request,
            CreateApiKey.Answer>(new("large", ["*"], "harbour", null, null), Caller.Keel(default));
        using var socket = new TcpClient();
        await socket.ConnectAsync(web.Address.Host, web.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /files/order/{Guid.NewGuid()} HTTP/1.1\r\nHost: keel\r\nAccept: text/html\r\nAuthorization: Bearer {made.Value.Key}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1073741824\r\n\r\n--x\r\n"));

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));

        answer.ShouldStartWith("HTTP/1.1 413");
        answer.ShouldContain("at most 25 MB");
    }

    [Fact]
    public async Task Only_who_may_see_a_record_takes_its_files_and_only_who_handed_one_in_removes_it()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        var (anna, ben) = (await shop.Person("Anna", "service"), await shop.Person("Ben", "service"));
        var upload = Guid.CreateVersion7();
        await shop.Text($"insert into messages.file_content values ('{upload}', '{shop.Company}', 'application/pdf', 4, sha256('%PDF'), '%PDF', '{anna.Id}', '{Shop.Morning:O}', false) returning id");
        AttachFile.Request Hangs() => new("order", order.Id!.Value.Value, upload, "a.pdf");

        (await shop.Does<AttachFile, AttachFile.Request, Id<RecordFile>>(Hangs(), shop.By(ben))).Error!.Code.ShouldBe("file.no-upload");
        var file = (await shop.Does<AttachFile, AttachFile.Request, Id<RecordFile>>(Hangs(), shop.By(anna))).Value;
        (await shop.Does<AttachFile, AttachFile.Request, Id<RecordFile>>(Hangs(), shop.By(anna))).Error!.Code.ShouldBe("file.no-upload");
        (await shop.Does<RemoveFile, RemoveFile.Request, Done>(new(file), shop.By(ben))).Error!.Code.ShouldBe("file.not-own");
        (await shop.Does<RemoveFile, RemoveFile.Request, Done>(new(file), shop.By(anna))).Ok.ShouldBeTrue();
        (await shop.Does<RemoveFile, RemoveFile.Request, Done>(new(file), shop.By(anna))).Error!.Code.ShouldBe("file.removed");
    }

    private static async Task HandsIn(Site site, string name, string content)
    {
        await site.Page.ClickAsync("#stream summary:has-text('Hand in a file')");
        await site.Page.SetInputFilesAsync("#record-file",
            new FilePayload { Name = name, MimeType = "application/pdf", Buffer = Encoding.UTF8.GetBytes(content) });
        await site.Page.ClickAsync("button:has-text('Hand it in')");
        await site.Page.WaitForLoadStateAsync();
    }

    private static async Task<Dictionary<string, string>> Cookie(Site site) => new()
    {
        ["Cookie"] = string.Join("; ", (await site.Page.Context.CookiesAsync()).Select(c => $"{c.Name}={c.Value}")),
    };
}
