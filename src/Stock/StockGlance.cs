namespace Keel.Stock;

/// The checks of the stock book that read all moves, by one reading of them.
internal static class StockGlance
{
    /// Sums are taken modulo this prime, and no factor is larger, so that no product leaves sixty-four bits.
    private const string Prime = "2147483647";

    private static readonly string[] OfALevel = ["sku", "owner", "condition", "package", "lot"], OfAPosition = ["sku", "owner"];

    /// Levels, pools, papers and checkpoints by one reading of the moves. A checkpoint counts with a factor of its own, so that a move counts with what all
    /// checkpoints behind it have together: that is drawn for the span in which it happened, and a checkpoint has what two spans differ by.
    public static readonly ProofGlance All = new(
        $"""
        with whole as (select company_id, array_agg(at order by at) as at from stock.checkpoint_taken where whole group by 1),
        busy as (
          select c.company_id, c.sku, array_agg(distinct c.at order by c.at) as at
          from stock.checkpoint_taken t join stock.checkpoint c on c.company_id = t.company_id and c.at = t.at where not t.whole group by 1, 2),
        moved as (
          select
            sum(m.quantity % {Prime} * (case when m.ends & 8 > 0 then {Weight("m", "to_location", OfALevel)} else 0 end - case when m.ends & 1 > 0 then {Weight("m", "from_location", OfALevel)} else 0 end)) as levels,
            sum({Worth("m.value", "case when m.ends & 32 > 0 then m.quantity else -m.quantity end")} * {Weight("m", "sku", [])}) filter (where m.value is not null) as pools,
            sum(m.value % {Prime} * {Paper("m.document_id", "m.quantity > 0")}) filter (where m.document_kind not in ('shipment', 'ownership')) as papers,
            sum(({End("from", 1, "-m.quantity")} + {End("to", 8, "m.quantity")}) % {Prime} * ({Span("w.company_id", "''", "width_bucket(m.happened_at, w.at)", "cardinality(w.at)")} + {Span("b.company_id", "b.sku", "width_bucket(m.happened_at, b.at)", "cardinality(b.at)")}))
              filter (where m.xact < (select through from stock.roll_up)) as checkpoints
          from stock.move m left join whole w on w.company_id = m.company_id left join busy b on b.company_id = m.company_id and b.sku = m.sku),
        spans as (
          select company_id, '' as sku, at, row_number() over (partition by company_id order by at) as span, count(*) over (partition by company_id) as spans from stock.checkpoint_taken where whole
          union all
          select b.company_id, b.sku, t.at, t.span, cardinality(b.at) from busy b cross join unnest(b.at) with ordinality t (at, span)),
        kept as (
          select
            (select sum(v.on_hand % {Prime} * {Weight("v", "location", OfALevel)}) from stock.level v) as levels,
            (select sum({Worth("p.value", "p.quantity")} * {Weight("p", "sku", [])}) from stock.cost_pool p) as pools,
            (select sum(d.value % {Prime} * {Paper("d.id", "d.kind not in ('Revaluation', 'LandedCost')")}) from stock.document d where d.kind <> 'Ownership') as papers,
            (select sum({Figures("c.on_hand", "c.sellable", "c.value")} * {Weight("c", "node", OfAPosition)} % {Prime} * ({Span("s.company_id", "s.sku", "s.span - 1", "s.spans")} - {Span("s.company_id", "s.sku", "s.span", "s.spans")}))
             from stock.checkpoint c join spans s on s.company_id = c.company_id and s.at = c.at and s.sku in ('', c.sku)) as checkpoints)
        select g.name, g.difference % {Prime} = 0 as holds from moved m cross join kept k cross join lateral (values
          ('stock.levels', coalesce(m.levels, 0) - coalesce(k.levels, 0)), ('stock.pools', coalesce(m.pools, 0) - coalesce(k.pools, 0)),
          ('stock.documents-are-their-moves', coalesce(m.papers, 0) - coalesce(k.papers, 0)), ('stock.checkpoints', coalesce(m.checkpoints, 0) - coalesce(k.checkpoints, 0))) g (name, difference)
        """);

    /// A row's factor, from 1 to the prime: by its company, the columns that tell it apart, and the one that ends differ by.
    private static string Weight(string row, string end, string[] columns) =>
        $"((hashtextextended({row}.{end}, {columns.Aggregate($"uuid_hash_extended({row}.company_id, $1)", (seed, column) => $"hashtextextended({row}.{column}, {seed})")}) & 2147483645) + 1)";

    private static string Paper(string id, string isOfGoods) => $"((uuid_hash_extended({id}, case when {isOfGoods} then $1 else $1 # 1 end) & 2147483645) + 1)";

    /// What a span weighs; the one behind the last checkpoint nothing. Two of them together stay below the prime.
    private static string Span(string company, string sku, string span, string spans) =>
        $"(case when {span} < {spans} then uuid_hash_extended({company}, hashtextextended({sku}, hashint8extended({span}, $1))) & 1073741823 else 0 end)";

    private static string Worth(string value, string quantity) => $"(({value} % {Prime} + 15485863 * ({quantity} % {Prime})) % {Prime})";

    private static string Figures(string onHand, string sellable, string value) => $"((({onHand}) % {Prime} + 1299709 * (({sellable}) % {Prime}) + 15485863 * (({value}) % {Prime})) % {Prime})";

    /// One end of a move as it changes a position: what is on hand there, what of it can be sold, and what it is worth.
    private static string End(string end, int bit, string quantity) =>
        $"case when m.ends & {bit * 7} > 0 then {Figures(If(bit, quantity), If(bit * 2, quantity), If(bit * 4, "coalesce(m.value, 0)"))} * {Weight("m", end + "_node", OfAPosition)} % {Prime} else 0 end";

    private static string If(int bit, string figure) => $"case when m.ends & {bit} > 0 then {figure} else 0 end";
}
