using System.Text.Json;
using Npgsql;

namespace Checker;

/// Compares what the clients wrote down with what the tables hold. It shares no code with the product: plain files, plain SQL.
internal static class Program
{
    private static bool clean = true;

    public static async Task<int> Main(string[] args)
    {
        var lines = new List<JsonElement>();
        foreach (var file in Directory.GetFiles(args[0], "*.jsonl"))
        {
            foreach (var line in await File.ReadAllLinesAsync(file)) lines.Add(JsonDocument.Parse(line).RootElement);
        }

        await using var source = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("CHECK_DATABASE")!);
        Answers(lines);
        await Orders(source, lines);
        await Promises(source, lines);
        await Goods(source, lines);
        await Stores.Check(source, lines);
        return clean ? 0 : 1;
    }

    /// A server that is started again fails for a moment; what fails for longer, or never gets an answer, is broken.
    private static void Answers(List<JsonElement> lines)
    {
        var failed = Of(lines, "failed").ToArray();
        Say("every request is answered in the end, and none fails ten times", failed.Length, failed.Where(f => !f.GetProperty("ended").GetBoolean() || (f.GetProperty("status").GetInt32() == 500 && f.GetProperty("times").GetInt32() >= 10))
            .Select(f => $"{Text(f, "operation")} {f.GetProperty("status").GetInt32()} × {f.GetProperty("times").GetInt32()}"));
    }

    private static async Task Orders(NpgsqlDataSource source, List<JsonElement> lines)
    {
        var accepted = Of(lines, "order").Where(l => l.GetProperty("status").GetInt32() == 200).ToArray();
        var there = (await Rows(source, "select channel_number, id::text, status from sales.orders")).ToLookup(r => r[0]);
        Say("acknowledged orders are there, each once", accepted.Length,
            accepted.Where(a => there[Text(a, "number")].Count() != 1 || there[Text(a, "number")].Single()[1] != a.GetProperty("answer").GetProperty("id").GetString()).Select(a => Text(a, "number")));

        var asked = Of(lines, "asked").Select(a => Text(a, "number")).ToHashSet();
        Say("every order was asked for by somebody, and is there once", there.Count, there.Where(t => !asked.Contains(t.Key) || t.Count() != 1).Select(t => t.Key));

        var status = there.SelectMany(t => t).ToDictionary(r => r[1], r => r[2]);
        var cancelled = Of(lines, "cancel").Where(c => c.GetProperty("cancelled").GetBoolean()).Select(c => Text(c, "order")).ToArray();
        Say("acknowledged cancellations hold", cancelled.Length, cancelled.Where(c => status.GetValueOrDefault(c) != "Cancelled"));

        var shipped = Of(lines, "ship").Where(s => s.GetProperty("shipments").GetInt32() > 0).Select(s => Text(s, "order")).ToArray();
        var left = (await Rows(source, "select distinct order_id::text from warehouse.shipment where status = 'Shipped'")).Select(r => r[0]).ToHashSet();
        Say("acknowledged shipments left, each once", shipped.Length, shipped.Where(s => !left.Contains(s)));
        Say("no order's goods left twice", left.Count, (await Rows(source,
            "select l.order_id::text from sales.order_line l join warehouse.shipment s on s.order_id = l.order_id and s.status = 'Shipped' join warehouse.shipment_line sl on sl.shipment_id = s.id and sl.order_line = l.line group by l.order_id, l.line, l.quantity having sum(sl.quantity) > l.quantity")).Select(r => r[0]));
    }

    /// What a buyer was told is promised is still promised, left, was given back by a cancellation, or was taken away by a fact that has its case.
    private static async Task Promises(NpgsqlDataSource source, List<JsonElement> lines)
    {
        var told = new Dictionary<(string Order, int Line), long>();
        foreach (var order in Of(lines, "order").Where(l => l.GetProperty("status").GetInt32() == 200).Select(l => l.GetProperty("answer")).Where(a => !a.GetProperty("duplicate").GetBoolean())
            .DistinctBy(a => a.GetProperty("id").GetString()))
        {
            // The same key asked again gets the same answer again: it is one promise.
            foreach (var line in order.GetProperty("promised").EnumerateArray())
            {
                var key = (order.GetProperty("id").GetString()!, line.GetProperty("line").GetInt32());
                told[key] = told.GetValueOrDefault(key) + (long)(line.GetProperty("quantity").GetDecimal() * 1000);
            }
        }

        var taken = (await Rows(source, "select document_id::text, line::text, sum(taken)::text from stock.reservation where kind = 'Order' group by 1, 2")).ToDictionary(r => (r[0], int.Parse(r[1])), r => long.Parse(r[2]));
        // A kit is told on its own line and reserved on those of its components: as many as all of them make whole.
        foreach (var kit in await Rows(source,
            """
            select l.order_id::text, l.kit_line::text, min(coalesce(r.taken, 0) * 1000 / l.each)::bigint::text from sales.order_line l
            left join (select document_id, line, sum(taken) as taken from stock.reservation group by 1, 2) r on r.document_id = l.order_id and r.line = l.line where l.kit_line is not null group by 1, 2
            """)) taken[(kit[0], int.Parse(kit[1]))] = long.Parse(kit[2]);
        Say("what buyers were promised was reserved", told.Count, told.Where(t => taken.GetValueOrDefault(t.Key) < t.Value).Select(t => t.Key.Order));

        var balance = await Rows(source,
            """
            select r.document_number, r.taken - r.open - coalesce((select sum(s.quantity) from stock.reservation_step s
              where s.document_id = r.document_id and s.line = r.line and s.part = r.part), 0) from stock.reservation r
            """);
        Say("each promise is open, kept, given back or taken away", balance.Count, balance.Where(b => b[1] != "0").Select(b => b[0]));

        var displaced = await Rows(source,
            """
            select distinct r.document_number, exists (select from kernel.work_case c where c.subject_id = r.document_id and c.kind = 'promise-displaced')
            from stock.reservation_step s join stock.reservation r using (document_id, line, part) where s.kind = 'Displaced'
            """);
        Say("displaced promises all have their case", displaced.Count, displaced.Where(d => d[1] != "True").Select(d => d[0]));

        var wrong = await Rows(source,
            """
            select p.sku from stock.position p where p.reserved <> (select coalesce(sum(r.open), 0) from stock.reservation r where r.company_id = p.company_id and r.sku = p.sku and r.node = p.node)
              or p.reserved > p.sellable or p.sellable > p.on_hand or p.reserved < 0
            """);
        Say("nothing is promised that is not there", TableCount(await Rows(source, "select count(*) from stock.position")), wrong.Select(w => w[0]));
    }

    /// The goods themselves, replayed from the moves in the order in which they were written.
    private static async Task Goods(NpgsqlDataSource source, List<JsonElement> lines)
    {
        var moves = await Rows(source, "select sku, quantity::text, from_location, to_location, document_kind from stock.move order by xmin::text::bigint, id");
        var place = new Dictionary<(string Sku, string Place), long>();
        foreach (var move in moves)
        {
            place[(move[0], move[2])] = place.GetValueOrDefault((move[0], move[2])) - long.Parse(move[1]);
            place[(move[0], move[3])] = place.GetValueOrDefault((move[0], move[3])) + long.Parse(move[1]);
        }

        var levels = (await Rows(source, "select sku, location, sum(on_hand)::text from stock.level group by 1, 2")).ToDictionary(r => (r[0], r[1]), r => long.Parse(r[2]));
        string[] outside = ["SUPPLIER", "CUSTOMER", "LOSS", "SCRAP", "PRODUCTION", "TRANSIT", "COST", "VALUE", "CHANGE"];
        Say("each place holds what the moves say, and never less than nothing", moves.Count,
            place.Where(p => !outside.Contains(p.Key.Place) && (p.Value < 0 || levels.GetValueOrDefault(p.Key) != p.Value)).Select(p => $"{p.Key.Sku} in {p.Key.Place}"));

        var received = Of(lines, "receipt").Where(r => r.GetProperty("status") is { ValueKind: JsonValueKind.Number } status && status.GetInt32() == 200).ToArray();
        var booked = (await Rows(source, "select d.reference, count(distinct d.id)::text, sum(m.quantity)::text from stock.document d join stock.move m on m.document_id = d.id where d.kind = 'Receipt' and d.reference is not null group by 1")).ToDictionary(r => r[0], r => (r[1], long.Parse(r[2])));
        Say("acknowledged receipts are booked, each once", received.Length,
            received.Where(r => !booked.TryGetValue(Text(r, "reference"), out var b) || b.Item1 != "1" || b.Item2 != r.GetProperty("quantity").GetInt64() * 1000).Select(r => Text(r, "reference")));

        var landed = Of(lines, "landed").Where(l => l.GetProperty("status").GetInt32() == 200).ToArray();
        var costs = (await Rows(source, "select number, total::text from stock.landed_cost")).ToLookup(r => r[0], r => long.Parse(r[1]));
        Say("acknowledged landed costs are booked, each once", landed.Length, landed.Where(l => !costs[Text(l, "number")].SequenceEqual([(long)(l.GetProperty("amount").GetDecimal() * 100)])).Select(l => Text(l, "number")));
        var layers = await Rows(source, "select p.sku from stock.cost_pool p left join (select sku, sum(open) as open, sum(value) as value from stock.cost_layer group by 1) l on l.sku = p.sku where (p.quantity, p.value) <> (coalesce(l.open, 0), coalesce(l.value, 0))");
        Say("layers of cost hold what their pools hold", 1, layers.Select(l => l[0]));
        var sites = await Rows(source, """
            select coalesce(s.sku, m.sku) || ' at ' || coalesce(s.node, m.node) from (select sku, node, sum(quantity) as quantity, sum(value) as value from stock.site_pool group by 1, 2) s
            full join (
              select sku, node, sum(quantity) as quantity, sum(value) as value from (
                select sku, to_node as node, case when to_location in ('VALUE', 'CHANGE') then 0 else quantity end as quantity, coalesce(value, carried, 0) as value from stock.move where to_node <> '' or to_location in ('TRANSIT', 'VALUE')
                union all
                select sku, from_node, case when from_location = 'CHANGE' then 0 else -quantity end, case when value is not null then value else -coalesce(carried, 0) end from stock.move where from_node <> '' or from_location = 'TRANSIT') e
              group by 1, 2) m on m.sku = s.sku and m.node = s.node
            where (coalesce(s.quantity, 0), coalesce(s.value, 0)) <> (coalesce(m.quantity, 0), coalesce(m.value, 0))
            """);
        Say("each site's pool is what the moves brought there, in units and in money", 1, sites.Select(s => s[0]));

        var sold = await Rows(source, "select l.order_id::text from sales.order_line l where l.kind <> 'Kit' and l.shipped <> (select coalesce(sum(m.quantity), 0) from stock.move m join warehouse.shipment s on s.id = m.document_id where s.order_id = l.order_id and m.line = l.line)");
        Say("what orders say was shipped is what left", 1, sold.Select(s => s[0]));
    }

    internal static IEnumerable<JsonElement> Of(List<JsonElement> lines, string kind) => lines.Where(l => l.GetProperty("kind").GetString() == kind);

    internal static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private static long TableCount(List<string[]> rows) => long.Parse(rows[0][0]);

    internal static void Say(string check, long rows, IEnumerable<string> wrong)
    {
        var found = wrong.ToArray();
        if (found.Length > 0) clean = false;
        Console.WriteLine($"{check}\t{rows}\t{found.Length}\t{string.Join(", ", found.Take(5))}");
    }

    internal static async Task<List<string[]>> Rows(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 300;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync()) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetValue(i).ToString()!)]);
        return rows;
    }
}
