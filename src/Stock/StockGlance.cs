namespace Keel.Stock;

/// The checks of the stock book that read all moves, by one reading of them.
internal static class StockGlance
{
    /// Sums are taken modulo this prime, and no factor is larger, so that no product leaves sixty-four bits.
    private const string Prime = "2147483647";

    /// Levels, pools, papers and checkpoints by one reading of the moves. A checkpoint counts with a factor of its own, so that a move counts with what all
    /// checkpoints behind it have together: that is drawn for the span in which it happened, and a checkpoint has what two spans differ by.
    public static readonly ProofGlance All = new(
        $"""
        with whole as not materialized (
          select company_id, array_agg(at order by at) as at, array_agg({Span("company_id", "''", "at")} order by at) as weights from stock.checkpoint_taken where whole group by 1),
        busy as not materialized (
          select t.company_id, t.sku, array_agg(t.at order by t.at) as at, array_agg({Span("t.company_id", "t.sku", "t.at")} order by t.at) as weights
          from (
            select c.company_id, c.sku, c.at from stock.checkpoint c where c.at = any (array(select at from stock.checkpoint_taken where not whole))
              and not exists (select from stock.checkpoint_taken w where w.company_id = c.company_id and w.at = c.at and w.whole) group by 1, 2, 3) t group by 1, 2),
        product as not materialized (
          select k.company_id, k.sku, {Product("k")} as seed, w.at as whole_at, w.weights as whole_weights, b.at as busy_at, b.weights as busy_weights
          from (select company_id, sku from stock.cost_pool union select company_id, sku from stock.position) k
          left join whole w on w.company_id = k.company_id left join busy b on b.company_id = k.company_id and b.sku = k.sku),
        moved as (
          select
            sum(m.quantity % {Prime} * (case when m.ends & 8 > 0 then {Level("m", "m.to_location", Seed)} else 0 end - case when m.ends & 1 > 0 then {Level("m", "m.from_location", Seed)} else 0 end)) as levels,
            sum({Worth("m.value", "case when m.ends & 32 > 0 then m.quantity else -m.quantity end")} * {Factor(Seed)}) filter (where m.value is not null) as pools,
            sum(m.value % {Prime} * {Paper("m.document_id", "m.quantity > 0")}) filter (where m.document_kind not in ('shipment', 'ownership', 'transfer')) as papers,
            sum(({End("from", 1, "-m.quantity", "-m.carried")} + {End("to", 8, "m.quantity", "m.carried")}) % {Prime}
              * (coalesce(p.whole_weights[width_bucket(m.happened_at, p.whole_at) + 1], 0) + coalesce(p.busy_weights[width_bucket(m.happened_at, p.busy_at) + 1], 0))) filter (where m.xact < (select through from stock.roll_up)) as checkpoints
          from stock.move m left join product p on p.company_id = m.company_id and p.sku = m.sku),
        spans as not materialized (
          select w.company_id, '' as sku, t.at, t.weight - coalesce(t.later, 0) as weight from whole w cross join unnest(w.at, w.weights, w.weights[2:]) t (at, weight, later)
          union all
          select b.company_id, b.sku, t.at, t.weight - coalesce(t.later, 0) from busy b cross join unnest(b.at, b.weights, b.weights[2:]) t (at, weight, later)),
        kept as (
          select
            (select sum(v.on_hand % {Prime} * {Level("v", "v.location", Product("v"))}) from stock.level v) as levels,
            (select sum({Worth("p.value", "p.quantity")} * {Factor(Product("p"))}) from stock.cost_pool p) as pools,
            (select sum(d.value % {Prime} * {Paper("d.id", "d.kind not in ('Revaluation', 'LandedCost')")}) from stock.document d where d.kind <> 'Ownership') as papers,
            (select sum({Figures("c.on_hand", "c.sellable", "c.value")} * {Position("c", "c.node", Product("c"))} % {Prime} * s.weight)
             from stock.checkpoint c join spans s on s.company_id = c.company_id and s.at = c.at and s.sku in ('', c.sku)) as checkpoints)
        select g.name, g.difference % {Prime} = 0 as holds from moved m cross join kept k cross join lateral (values
          ('stock.levels', coalesce(m.levels, 0) - coalesce(k.levels, 0)), ('stock.pools', coalesce(m.pools, 0) - coalesce(k.pools, 0)),
          ('stock.documents-are-their-moves', coalesce(m.papers, 0) - coalesce(k.papers, 0)), ('stock.checkpoints', coalesce(m.checkpoints, 0) - coalesce(k.checkpoints, 0))) g (name, difference)
        """);

    /// What a move's product adds to the factor of its row: drawn once per product, or, where nothing else knows the product, here.
    private static string Seed => $"coalesce(p.seed, {Product("m")})";

    private static string Product(string row) => $"hashtextextended({row}.sku, uuid_hash_extended({row}.company_id, $1))";

    /// A row's factor, from 1 to the prime, by what tells it apart. Most goods are ours, good, and of no lot or package: that costs nothing.
    private static string Level(string row, string location, string seed) => Factor(
        $"hashtextextended({location}, {seed} # case when {row}.lot = '' and {row}.package = '' and {row}.condition = 'Good' and {row}.owner = 'own' then 0 else hashtextextended({row}.lot, hashtextextended({row}.package, hashtextextended({row}.condition, hashtextextended({row}.owner, $1)))) end)");

    private static string Position(string row, string node, string seed) => Factor($"hashtextextended({node}, {seed} # case when {row}.owner = 'own' then 0 else hashtextextended({row}.owner, $1) end)");

    private static string Factor(string hash) => $"(({hash} & 2147483645) + 1)";

    private static string Paper(string id, string isOfGoods) => Factor($"uuid_hash_extended({id}, case when {isOfGoods} then $1 else $1 # 1 end)");

    /// What the span before a checkpoint weighs; the one behind the last checkpoint weighs nothing. Two of them together stay below the prime. Where moves and
    /// checkpoints are read, nothing numbers rows, is kept aside or asks for each row anew: that would keep the reading to one process.
    private static string Span(string company, string sku, string at) =>
        $"(uuid_hash_extended({company}, hashtextextended({sku}, hashint8extended((extract(epoch from {at}) * 1000000)::bigint, $1))) & 1073741823)";

    private static string Worth(string value, string quantity) => $"(({value} % {Prime} + 15485863 * ({quantity} % {Prime})) % {Prime})";

    private static string Figures(string onHand, string sellable, string value) => $"((({onHand}) % {Prime} + 1299709 * (({sellable}) % {Prime}) + 15485863 * (({value}) % {Prime})) % {Prime})";

    /// One end of a move as it changes a position: what is on hand there, what of it can be sold, and what it is worth.
    private static string End(string end, int bit, string quantity, string carried) =>
        $"case when m.ends & {bit * 7} > 0 then {Figures(If(bit, quantity), If(bit * 2, quantity), If(bit * 4, $"coalesce(m.value, {carried}, 0)"))} * {Position("m", $"m.{end}_node", Seed)} % {Prime} else 0 end";

    private static string If(int bit, string figure) => $"case when m.ends & {bit} > 0 then {figure} else 0 end";
}
