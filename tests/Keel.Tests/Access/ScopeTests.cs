using System.Collections;
using System.Collections.Frozen;
using System.Net;
using System.Reflection;
using System.Text.Json;
using Keel.App.Access;
using Keel.App.Doors;
using Keel.Kernel.Views;
using Keel.Messages;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Doors;
using Keel.Ui;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

/// Who is limited to channels or sites neither sees nor touches the others, on any list and by any operation of the house.
public class ScopeTests
{
    private static readonly Actor OfWebshop = new(ActorKind.Person, Guid.NewGuid(), "Wanda")
    {
        Permissions = FrozenSet.Create(StringComparer.Ordinal, "*"), Channels = FrozenSet.Create(StringComparer.Ordinal, "webshop"),
    };

    private static readonly Actor OfOverflow = new(ActorKind.Person, Guid.NewGuid(), "Piet")
    {
        Permissions = FrozenSet.Create(StringComparer.Ordinal, "*"), Nodes = FrozenSet.Create(StringComparer.Ordinal, "OVERFLOW"),
    };

    [Fact, Feature("SE-02")]
    public async Task Every_list_of_the_house_shows_the_own_channel_and_nothing_of_another()
    {
        await using var shop = await Busy();
        var foreign = await Names(shop, "bazaar");

        var everybody = await Lists(shop, Actor.Keel);
        var limited = await Lists(shop, OfWebshop);

        // The lists that would tell, were nobody limited: so that this cannot pass for want of rows.
        string[] known = ["ledger.journal", "sales.orders", "sales.invoices", "warehouse.shipments", "kernel.cases", "messages.notes", "stock.moves", "stock.reservations", "ledger.open-items", "ledger.postings"];
        known.Except(Telling(everybody, foreign)).ShouldBeEmpty();
        Telling(limited, foreign).ShouldBeEmpty();
        limited["sales.orders"].ShouldContain("webshop");
    }

    [Fact, Feature("SE-02")]
    public async Task Every_list_of_the_house_shows_the_own_site_and_no_document_of_another()
    {
        await using var shop = await Busy();
        var foreign = await Papers(shop, "MAIN");

        var everybody = await Lists(shop, Actor.Keel);
        var limited = await Lists(shop, OfOverflow);

        string[] known = ["warehouse.shipments", "stock.receipts", "stock.positions", "stock.moves", "sales.invoices", "ledger.journal"];
        known.Except(Telling(everybody, [.. foreign, "\"MAIN\""])).ShouldBeEmpty();
        // The network itself, and how channels are served, is everybody's.
        Telling(limited, [.. foreign, "\"MAIN\""]).Except(["kernel.sites", "kernel.channels"]).ShouldBeEmpty();
        limited["stock.receipts"].ShouldContain("OVERFLOW");
    }

    [Fact, Feature("SE-02")]
    public async Task Every_operation_that_names_another_channel_site_or_order_is_refused_and_changes_nothing()
    {
        await using var shop = await Busy();
        var order = Guid.Parse(await shop.Text("select id from sales.orders where channel = 'bazaar' limit 1"));
        var catalog = shop.Services.GetRequiredService<ModuleCatalog>();
        var before = await shop.Number("select count(*) from kernel.operation_log where outcome = 'done'");
        var refused = 0;

        foreach (var operation in catalog.Operations)
        {
            foreach (var actor in new[] { OfWebshop, OfOverflow })
            {
                if (Made(operation.Request, actor.Nodes is null ? order : Guid.NewGuid(), 0) is not { } request) continue;
                var place = actor.Nodes is null ? "bazaar" : "MAIN";
                var names = JsonSerializer.Serialize(request, operation.Request, KeelJson.Options) is var text
                    && (text.Contains($"\"{place}\"", StringComparison.Ordinal) || actor.Nodes is null && text.Contains(order.ToString(), StringComparison.Ordinal));
                if (!names || operation.Request == typeof(SignIn.Request)) continue;
                var outcome = await shop.Gate.Run(operation, request, new Caller(actor, Door.Api, shop.Company));
                outcome.Ok.ShouldBeFalse($"{operation.Name} was done with {text}");
                if (outcome.Error?.Code == "gate.no-permission") refused++;
                else outcome.Error!.Code.ShouldBe("gate.invalid", $"{operation.Name}: {outcome.Error.Message}");
            }
        }

        refused.ShouldBeGreaterThan(30);
        (await shop.Number("select count(*) from kernel.operation_log where outcome = 'done'")).ShouldBe(before);
    }

    [Fact, Feature("SE-02")]
    public async Task Somebody_of_one_channel_works_on_its_orders_and_is_told_whom_to_ask_about_others()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var (mine, theirs) = (await shop.Takes(("TEE-M", 1)), await shop.TakesFromBazaar(("TEE-M", 1)));

        var done = await shop.Does<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new([mine.Id!.Value.Value]), shop.By(OfWebshop));
        var refused = await shop.Does<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new([theirs.Id!.Value], "changed their mind"), shop.By(OfWebshop));
        var noted = await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", theirs.Id!.Value.Value, "Hello there"), shop.By(OfWebshop));
        var entered = await shop.Tries(shop.NewOrder("bazaar", ("TEE-M", 1)), shop.By(OfWebshop));

        done.Ok.ShouldBeTrue(done.Error?.Message);
        refused.Error!.Code.ShouldBe("gate.no-permission");
        refused.Error.Message.ShouldBe("Wanda may not work on this order: it belongs to bazaar. Ask an administrator for the site or channel, or leave it to somebody who works there.");
        noted.Error!.Code.ShouldBe("gate.no-permission");
        entered.Error!.Message.ShouldContain("may not act at bazaar");
        (await shop.StatusOf(theirs)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select count(*) from kernel.operation_log where outcome = 'refused' and actor_name = 'Wanda'")).ShouldBe(3);
    }

    [Fact, Feature("SE-02")]
    public async Task The_pages_the_palette_and_the_api_know_no_order_of_another_channel()
    {
        await using var web = await WebShop.Open();
        var shop = web.Shop;
        await shop.Stocks("TEE-M", onHand: 5);
        var (mine, theirs) = (await shop.Takes(("TEE-M", 1)), await shop.TakesFromBazaar(("TEE-M", 1)));
        var made = await web.Gate.Run<CreateApiKey, CreateApiKey.Request, CreateApiKey.Answer>(new("shop only", ["*"], "harbour", Channels: ["webshop"]), Caller.Keel(default));
        using var http = web.Client(made.Value.Key);
        await web.Gate.Run<CreateUser, CreateUser.Request, Guid>(new("Wanda", "wanda@harbour.example", "a long enough word", ["administrator"], Channels: ["webshop"]), Caller.Keel(default));
        using var browser = new Browsing(web);
        await browser.Enters("wanda@harbour.example", "a long enough word");

        (await WebShop.Get(http, "/api/v1/sales/orders")).Body.ShouldContain(mine.Number!);
        (await WebShop.Get(http, "/api/v1/sales/orders")).Body.ShouldNotContain(theirs.Number!);
        (await WebShop.Get(http, "/api/v1/sales/orders.csv")).Body.ShouldNotContain(theirs.Number!);
        (await WebShop.Get(http, $"/api/v1/stock/moves?document={theirs.Id}")).Status.ShouldBe(404);
        (await browser.Goes($"/orders/{mine.Id}")).Status.ShouldBe((HttpStatusCode)200);
        (await browser.Goes($"/orders/{theirs.Id}")).Status.ShouldBe((HttpStatusCode)404);
        (await browser.Goes($"/print/invoice/{theirs.Id}")).Status.ShouldBe((HttpStatusCode)404);
        (await browser.Goes("/palette?q=SO-")).Text.ShouldContain($"/orders/{mine.Id}");
        (await browser.Goes("/palette?q=SO-")).Text.ShouldNotContain($"/orders/{theirs.Id}");
        (await browser.Goes("/warehouse")).Text.ShouldNotContain(theirs.Number!);
        (await browser.Goes("/cases/board")).Text.ShouldNotContain(theirs.Number!);
        (await browser.Goes("/orders/new")).Text.ShouldContain("<option value=\"webshop\">");
        (await browser.Goes("/orders/new")).Text.ShouldNotContain("<option value=\"bazaar\">", customMessage: "it would be refused at the end");
    }

    [Fact, Feature("SE-02", "SE-08")]
    public async Task Whoever_is_limited_gives_no_more_than_their_own_sites_and_channels_and_the_review_shows_them()
    {
        await using var shop = await Shop.Open();
        await shop.Person("Adam", "administrator");
        var made = await shop.Must<CreateUser, CreateUser.Request, Guid>(new("Wanda", "wanda@harbour.example", "a long enough word", ["administrator"], Sites: ["MAIN"], Channels: ["webshop"]));
        var wanda = (await shop.Services.GetRequiredService<IActors>().Find(ActorKind.Person, made, default))!;

        var wider = await shop.Does<CreateUser, CreateUser.Request, Guid>(new("Otto", "otto@harbour.example", "a long enough word", ["service"], Channels: ["bazaar"]), shop.By(wanda));
        var same = await shop.Does<InviteUser, InviteUser.Request, InvitationLink>(new("ola@harbour.example", ["service"]), shop.By(wanda));
        var key = await shop.Does<CreateApiKey, CreateApiKey.Request, CreateApiKey.Answer>(new("of Wanda", ["sales.*"], "harbour"), shop.By(wanda));
        var nowhere = await shop.Does<SetRoles, SetRoles.Request, Done>(new(made, ["service"], Channels: ["no-such-channel"]));

        wider.Error!.Code.ShouldBe("gate.no-permission");
        same.Ok.ShouldBeTrue(same.Error?.Message);
        key.Ok.ShouldBeTrue(key.Error?.Message);
        nowhere.Error!.Code.ShouldBe("access.place-unknown");
        (await shop.Text("select array_to_string(nodes || channels, ' ') from access.invitation")).ShouldBe("MAIN webshop");
        (await shop.Text("select array_to_string(nodes || channels, ' ') from access.api_key where name = 'of Wanda'")).ShouldBe("MAIN webshop");
        (await Lists(shop, Actor.Keel))["access.review"].ShouldContain("\"channels\":\"webshop\"");
        (await Lists(shop, Actor.Keel))["access.users"].ShouldContain("\"channels\":\"webshop\"");
        (await Lists(shop, Actor.Keel))["access.api-keys"].ShouldContain("\"channels\":\"webshop\"");
    }

    /// Two channels and two sites at which everything has happened once.
    private static async Task<Shop> Busy()
    {
        var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 20);
        await shop.Stocks("TEE-M", onHand: 7, node: "OVERFLOW");
        foreach (var channel in new ChannelCode[] { "webshop", "bazaar" })
        {
            var (shipped, open) = ((await shop.Tries(shop.NewOrder(channel, ("TEE-M", 2)))).Value, (await shop.Tries(shop.NewOrder(channel, ("TEE-M", 1)))).Value);
            await shop.Ships(shipped);
            await shop.Pays(shipped, PaymentKind.Captured, 1_00);
            await shop.Must<AddNote, AddNote.Request, Id<Note>>(new("order", open.Id!.Value.Value, $"About {open.Number}"));
            await shop.Tries(shop.NewOrder(channel, ("NO-SUCH", 1)));
        }

        await shop.Delivers();
        return shop;
    }

    /// What orders of a channel and all that hangs on them are called.
    private static async Task<string[]> Names(Shop shop, string channel) =>
    [
        .. (await shop.Text($"select string_agg(number || ',' || id, ',') from sales.orders where channel = '{channel}'")).Split(','),
        .. (await shop.Text($"select string_agg(number || ',' || id, ',') from warehouse.shipment where channel = '{channel}'")).Split(','),
        .. (await shop.Text($"select string_agg(id::text, ',') from sales.invoice where channel = '{channel}'")).Split(','),
        .. (await shop.Text($"select string_agg(p.id::text, ',') from sales.payment p join sales.orders o on o.id = p.order_id where o.channel = '{channel}'")).Split(','),
        .. (await shop.Text($"select string_agg(c.id::text, ',') from kernel.work_case c join sales.orders o on o.id = c.subject_id where o.channel = '{channel}'")).Split(','),
        $"\"{channel}\"",
    ];

    private static async Task<string[]> Papers(Shop shop, string node) =>
    [
        .. (await shop.Text($"select string_agg(number || ',' || id, ',') from stock.document where node = '{node}'")).Split(','),
        .. (await shop.Text($"select string_agg(number || ',' || id, ',') from warehouse.shipment where node = '{node}'")).Split(','),
        .. (await shop.Text($"select string_agg(id::text, ',') from sales.invoice where node = '{node}'")).Split(','),
    ];

    private static string[] Telling(Dictionary<string, string> lists, string[] words) =>
        [.. lists.Where(l => l.Key is not ("kernel.channels" or "kernel.changes") && Array.Exists(words, w => l.Value.Contains(w, StringComparison.Ordinal))).Select(l => l.Key).Order(StringComparer.Ordinal)];

    /// What a list is about that shows nothing else.
    private static KeyValuePair<string, StringValues>[] About(Type? args) => [.. (args?.GetProperties() ?? []).Select(p => new KeyValuePair<string, StringValues>(ViewInfo.Kebab(p.Name),
        (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) is var type && type == typeof(Sku) ? "TEE-M" : type == typeof(string) ? "retail" : type == typeof(AccountCode) ? "inventory"
        : type == typeof(DateOnly) ? "2026-03-10" : type == typeof(Guid) || typeof(IId).IsAssignableFrom(type) ? Guid.NewGuid().ToString() : type.IsEnum ? Enum.GetNames(type)[0] : "1"))];

    /// Every list of the house, first pages and all columns, as somebody sees it.
    private static async Task<Dictionary<string, string>> Lists(Shop shop, Actor actor)
    {
        var lists = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var view in shop.Services.GetRequiredService<ModuleCatalog>().Views)
        {
            await using var scope = shop.Scope();
            scope.ServiceProvider.GetRequiredService<Work>().Actor = actor;
            scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(_ => true) { Reach = actor.Reach };
            var views = scope.ServiceProvider.GetRequiredService<ViewRunner>();
            var page = await views.Page(view, []);
            if (page.Error?.Code == "view.bad-argument") page = await views.Page(view, About(ViewInfo.Of(view).Args));
            page.Ok.ShouldBeTrue($"{ViewInfo.Of(view).Name}: {page.Error?.Message}");
            lists[ViewInfo.Of(view).Name] = string.Join('\n', page.Value.Items.Cast<object>().Select(r => JsonSerializer.Serialize(r, r.GetType(), KeelJson.Options)));
        }

        return lists;
    }

    /// A request of a type that names an order, the marketplace and the main warehouse wherever it can; else whatever fits.
    private static object? Made(Type type, Guid id, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (depth > 6) return null;
        if (type == typeof(Guid)) return id;
        if (type == typeof(ChannelCode)) return (ChannelCode)"bazaar";
        if (type == typeof(NodeCode)) return (NodeCode)"MAIN";
        if (type == typeof(string)) return "abc";
        if (type == typeof(Money)) return new Money(100, Currency.Eur);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 3, 10, 8, 0, 0, TimeSpan.Zero);
        if (type == typeof(DateOnly)) return new DateOnly(2026, 3, 10);
        if (type == typeof(JsonElement)) return JsonSerializer.SerializeToElement(new { });
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0);
        if (type.IsPrimitive) return Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) && type.GetGenericArguments() is [var item])
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
            if (Made(item, id, depth + 1) is { } one) list.Add(one);
            return list;
        }

        if (typeof(IId).IsAssignableFrom(type)) return Activator.CreateInstance(type, id);
        if (type.IsAbstract || type.GetConstructors(BindingFlags.Public | BindingFlags.Instance) is not { Length: > 0 } ways) return type.IsValueType ? Activator.CreateInstance(type) : null;
        var way = ways.MaxBy(c => c.GetParameters().Length)!;
        return way.Invoke([.. way.GetParameters().Select(p => Made(p.ParameterType, id, depth + 1) ?? (p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null))]);
    }
}
