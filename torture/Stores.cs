using System.Text.Json;
using Npgsql;
using static Checker.Program;

namespace Checker;

/// What was done to goods beside buying them: transfers, kits, lots, packages, putting away and freezing, each against the moves and the rows.
internal static class Stores
{
    public static async Task Check(NpgsqlDataSource source, List<JsonElement> lines)
    {
        await Transfers(source, lines);
        await Kits(source, lines);
        await Lots(source, lines);
        await Packages(source, lines);
    }

    private static async Task Transfers(NpgsqlDataSource source, List<JsonElement> lines)
    {
        var there = await Rows(source, "select id::text, reason, status from stock.transfer");
        var status = there.ToDictionary(t => t[0], t => t[2]);
        var asked = Of(lines, "transfer-asked").Select(a => Text(a, "reason")).ToHashSet();
        Say("acknowledged transfers are there, and each was asked for once", there.Count, Of(lines, "transfer").Where(t => !status.ContainsKey(Text(t, "transfer"))).Select(t => Text(t, "transfer"))
            .Concat(there.GroupBy(t => t[1]).Where(g => g.Count() > 1 || !asked.Contains(g.Key)).Select(g => g.Key)));

        var given = Done(lines, "transfer-cancelled").Select(t => Text(t, "transfer")).ToArray();
        Say("cancelled transfers stay cancelled", given.Length, given.Where(t => status.GetValueOrDefault(t) != "Cancelled"));

        var rows = await Rows(source,
            """
            select l.transfer_id::text, l.line::text, l.sku, l.shipped::text, l.received::text, l.missing::text, coalesce(m.left, 0)::text, coalesce(m.came, 0)::text from stock.transfer_line l
            left join (select coalesce(d.order_id, m.document_id) as transfer, m.line, m.sku, sum(m.quantity) filter (where m.to_location = 'TRANSIT') as left, sum(m.quantity) filter (where m.from_location = 'TRANSIT') as came
              from stock.move m left join stock.document d on d.id = m.document_id where 'TRANSIT' in (m.from_location, m.to_location) group by 1, 2, 3) m on m.transfer = l.transfer_id and m.line = l.line and m.sku = l.sku
            """);
        Say("what left by transfer came, is missing or is on its way", rows.Count, rows.Where(r => long.Parse(r[3]) != long.Parse(r[6]) || long.Parse(r[4]) + long.Parse(r[5]) != long.Parse(r[7]) || long.Parse(r[7]) > long.Parse(r[6])).Select(r => r[0]));
        var afoot = (await Rows(source, "select sku, sum(shipped - received - missing)::text from stock.transfer_line group by 1")).ToDictionary(r => r[0], r => r[1]);
        var moving = await Rows(source, "select sku, sum(case when to_location = 'TRANSIT' then quantity else -quantity end)::text from stock.move where 'TRANSIT' in (from_location, to_location) group by 1");
        Say("between sites lies what transfers say", moving.Count, moving.Where(m => afoot.GetValueOrDefault(m[0]) != m[1]).Select(m => m[0]));

        var ofTransfer = rows.ToLookup(r => r[0]);
        var sent = Done(lines, "transfer-sent").Select(t => Text(t, "transfer")).ToArray();
        Say("transfers that were sent off left", sent.Length, sent.Where(t => ofTransfer[t].All(r => r[3] == "0")));
        var came = Done(lines, "transfer-received").ToArray();
        Say("what was received by transfer is what was told", came.Length, came.Where(c => ofTransfer[Text(c, "transfer")].Any(r => long.Parse(r[4]) != (!c.GetProperty("fewer").GetBoolean() ? long.Parse(r[3]) : r[1] == "1" ? Math.Min(1000, long.Parse(r[3])) : 0)))
            .Select(c => Text(c, "transfer")));
        var settled = Done(lines, "transfer-settled").Select(t => Text(t, "transfer")).ToArray();
        Say("of settled transfers nothing is on its way", settled.Length, settled.Where(t => ofTransfer[t].Any(r => long.Parse(r[3]) != long.Parse(r[4]) + long.Parse(r[5]))));
    }

    private static async Task Kits(NpgsqlDataSource source, List<JsonElement> lines)
    {
        var papers = (await Rows(source,
            """
            select d.reference, d.id::text, m.sku, sum(case when m.from_location = 'PRODUCTION' then m.quantity else -m.quantity end)::text
            from stock.document d join stock.move m on m.document_id = d.id where d.kind = 'Assembly' group by 1, 2, 3
            """)).ToLookup(r => r[0]);
        var asked = Of(lines, "kit-asked").Select(k => Text(k, "note")).ToHashSet();
        var done = Done(lines, "kit").ToArray();
        Say("acknowledged kits were made or taken apart, each once", done.Length, done.Where(k => papers[Text(k, "note")].Where(r => r[2] == "KIT-BUILT").ToArray() is not [var kit]
            || long.Parse(kit[3]) != k.GetProperty("quantity").GetInt64() * (k.GetProperty("apart").GetBoolean() ? -1000 : 1000)).Select(k => Text(k, "note")).Concat(papers.Where(p => !asked.Contains(p.Key)).Select(p => p.Key)));
        Say("what went into kits is what they are made of", papers.Count, papers.SelectMany(p => p.GroupBy(r => r[1])).Where(p =>
        {
            var of = p.ToDictionary(r => r[2], r => long.Parse(r[3]));
            var kits = of.GetValueOrDefault("KIT-BUILT");
            return of.Count != 3 || of.GetValueOrDefault("FEW-0") != -2 * kits || of.GetValueOrDefault("FEW-1") != -kits;
        }).Select(p => p.Key));

        var left = await Rows(source, "select order_id::text from sales.order_line where kit_line is not null group by order_id, kit_line having count(distinct shipped * 1000 / each) > 1 or bool_or(shipped % each <> 0)");
        var sold = await Rows(source, "select count(*) from sales.order_line where kind = 'Kit'");
        Say("kits that are picked left whole", long.Parse(sold[0][0]), left.Select(l => l[0]));
        var promised = await Rows(source,
            """
            select k.document_id::text from stock.kit_share k
            left join (select document_id, line, sum(open) as open from stock.reservation group by 1, 2) r on r.document_id = k.document_id and r.line = k.line
            group by k.document_id, k.kit_line having count(distinct coalesce(r.open, 0) * 1000 / k.each) > 1 or bool_or(coalesce(r.open, 0) % k.each <> 0)
            """);
        Say("kits that are picked are promised whole", long.Parse(sold[0][0]), promised.Select(p => p[0]));
    }

    private static async Task Lots(NpgsqlDataSource source, List<JsonElement> lines)
    {
        var other = await Rows(source,
            """
            with moved as (
              select sku, location, lot, package, condition, sum(quantity) as quantity from (
                select sku, to_location as location, lot, package, condition, quantity from stock.move union all select sku, from_location, lot, package, condition, -quantity from stock.move) m
              join stock.location l on l.code = m.location join stock.place_kind k on k.kind = l.kind and k.counted group by 1, 2, 3, 4, 5),
            held as (select sku, location, lot, package, condition, sum(on_hand) as quantity from stock.level group by 1, 2, 3, 4, 5)
            select sku, location, lot, package from moved m full join held h using (sku, location, lot, package, condition)
            where coalesce(m.quantity, 0) <> coalesce(h.quantity, 0) or coalesce(h.quantity, 0) < 0
            """);
        Say("each lot and package holds in each place what its moves say", long.Parse((await Rows(source, "select count(*) from stock.level"))[0][0]), other.Select(o => string.Join(" ", o)));
        Say("goods that are told apart are of a lot, and no others are", 1, (await Rows(source, "select distinct sku from stock.move where (lot <> '') <> (sku like 'LOT-%')")).Select(r => r[0]));
        Say("who named a lot got no other", 1, (await Rows(source,
            "select l.order_id::text from sales.order_line l join warehouse.shipment s on s.order_id = l.order_id join stock.move m on m.document_id = s.id and m.line = l.line and m.sku = l.sku where l.lot is not null and m.lot <> l.lot")).Select(r => r[0]));

        var blocked = (await Rows(source, "select l.id::text, count(distinct f.node)::text from stock.lot l left join stock.freeze f on f.sku = l.sku and f.lot = l.code and f.thawed_at is null group by 1")).ToDictionary(r => r[0], r => r[1]);
        // A recall of a lot that is blocked already changes no freeze; a refusal changes nothing. What was said last of a lot holds.
        var last = Done(lines, "lot").GroupBy(l => Text(l, "lot")).Select(g => g.Last()).ToArray();
        Say("lots are blocked at every site, or not, as was said last", last.Length, last.Where(l => blocked.GetValueOrDefault(Text(l, "lot")) != (l.GetProperty("block").GetBoolean() ? "2" : "0")).Select(l => Text(l, "lot")));

        var freezes = (await Rows(source, "select id::text, (thawed_at is not null)::text from stock.freeze")).ToDictionary(r => r[0], r => r[1]);
        var thawed = Done(lines, "thawed").Select(t => Text(t, "freeze")).ToHashSet();
        var frozen = Done(lines, "frozen").Select(f => Text(f, "freeze")).ToArray();
        Say("what was frozen is, until it was thawed", frozen.Length, frozen.Where(f => freezes.GetValueOrDefault(f) != (thawed.Contains(f) ? "true" : "false")));

        var sellable = await Rows(source,
            """
            select p.sku || ' at ' || p.node from stock.position p where p.owner = 'own' and p.sellable <> (
              select coalesce(sum(v.on_hand), 0) from stock.level v join stock.location l on l.code = v.location join stock.place_kind k on k.kind = l.kind
              where v.sku = p.sku and v.node = p.node and v.owner = p.owner and k.promisable and v.condition = 'Good' and not exists (select from stock.freeze f where f.thawed_at is null and f.node = v.node
                and (f.sku is null or f.sku = v.sku) and (f.location is null or f.location = v.location) and (f.lot is null or f.lot = v.lot)))
            """);
        Say("what is blocked or frozen is not for sale, and all else is", 1, sellable.Select(s => s[0]));
    }

    private static async Task Packages(NpgsqlDataSource source, List<JsonElement> lines)
    {
        var there = (await Rows(source, "select code, status from stock.package")).ToLookup(r => r[0]);
        var made = Done(lines, "package").Select(p => Text(p, "package")).ToArray();
        Say("acknowledged packages are there, each once", made.Length, made.Where(p => there[p].Count() != 1));
        Say("what lies in a package lies where it stands", there.Count, (await Rows(source,
            "select v.package from stock.level v left join stock.package p on p.code = v.package where v.package <> '' and v.on_hand > 0 and (p.code is null or p.location <> v.location or p.node <> v.node or p.status = 'Ended')")).Select(r => r[0]));
        Say("packages stand where those stand in which they lie", there.Count, (await Rows(source,
            "select p.code from stock.package p join stock.package o on o.code = p.parent where p.location <> o.location or o.status = 'Ended'")).Select(r => r[0]));

        var packed = (await Rows(source, "select document_number || ' ' || package, sum(quantity)::text from stock.move where package <> '' and from_location = 'CHANGE' group by 1")).ToDictionary(r => r[0], r => r[1]);
        var goods = Done(lines, "pack-goods").ToArray();
        Say("acknowledged goods were packed, each once", goods.Length, goods.Where(g => packed.GetValueOrDefault($"{Text(g, "number")} {Text(g, "package")}") != (g.GetProperty("quantity").GetInt64() * 1000).ToString()).Select(g => Text(g, "number")));
        Say("no paper packed what nobody asked for", packed.Count, packed.Keys.Except(Done(lines, "pack-goods").Select(g => $"{Text(g, "number")} {Text(g, "package")}")));

        var stowed = (await Rows(source, "select document_number, sum(quantity)::text from stock.move where from_location = 'MAIN/RECEIVING' and reason = 'put away' group by 1")).ToDictionary(r => r[0], r => r[1]);
        var away = Done(lines, "put-away").ToArray();
        Say("acknowledged goods were put away, each once", away.Length, away.Where(a => stowed.GetValueOrDefault(Text(a, "number")) != ((long)(a.GetProperty("quantity").GetDecimal() * 1000)).ToString()).Select(a => Text(a, "number"))
            .Concat(stowed.Keys.Except(away.Select(a => Text(a, "number")))));
    }

    private static IEnumerable<JsonElement> Done(List<JsonElement> lines, string kind) => Of(lines, kind).Where(l => l.GetProperty("status") is { ValueKind: JsonValueKind.Number } status && status.GetInt32() == 200);
}
