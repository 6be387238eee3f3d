namespace Keel.Catalog.Contract;

/// A table in which a module keeps rules by SKU: rings, where goods belong, prices. Whoever makes one product of two carries its rows over, so that
/// no rule stays behind under a code that nobody uses any more. Facts and documents are no rules: they keep the code that they were written with.
/// Modules register one for each table. In the columns `$` is the row.
public sealed record RuleTable(string Of, string Table)
{
    /// The columns by which a row is found: `$.id`.
    public required string Key { get; init; }

    /// The columns that say beside company and SKU what a rule is about. Where the one that stays has a rule about the same, its own counts.
    public required string Shape { get; init; }

    /// When a row was written last. What somebody changed since a merge stays where it is when the merge is taken back.
    public required string Stamp { get; init; }

    /// A row in words, without amounts that not everybody may see.
    public required string Says { get; init; }

    /// It is about goods that lie somewhere, and a virtual kit has none.
    public bool OfGoods { get; init; } = true;

    /// Gives the rules of one product to the other in all companies, and ends those about something that the other has rules for itself.
    internal Later<List<CarriedRule>> Carry(KeelDb db, Sku give, Sku keep)
    {
        var free = Free(keep);
        return db.Ask<CarriedRule>(
            $"""
            with carried as (update {Name} r set sku = {keep} where r.sku = {give} and ({free}) returning r.*),
              ended as (delete from {Name} r where r.sku = {give} and not ({free}) returning r.*)
            select {Table} as table, true as carried, {In("r", Says)} as says, to_jsonb(r)::text as row from carried r
            union all select {Table}, false, {In("r", Says)}, to_jsonb(r)::text from ended r order by says
            """);
    }

    /// What would become of the rules of one product in this company, were it merged into the other. Nothing is changed.
    public Later<List<CarriedRule>> Look(KeelDb db, Sku give, Sku keep) =>
        db.Ask<CarriedRule>($"select {Table} as table, {Free(keep)} as carried, {In("r", Says)} as says, '' as row from {Name} r where r.company_id = {db.Company} and r.sku = {give} order by says");

    /// Gives back what came over and nobody changed since; what was ended holds again. A rule that was made meanwhile stays.
    internal void GiveBack(KeelDb db, Sku give, Sku keep, IReadOnlyList<CarriedRule> rules)
    {
        var (carried, ended) = (rules.Where(r => r.Carried).Select(r => r.Row).ToArray(), rules.Where(r => !r.Carried).Select(r => r.Row).ToArray());
        if (carried.Length > 0)
        {
            db.Queue(
                $"""
                update {Name} r set sku = {give} from (select w.* from unnest({carried}::text[]) j (row) cross join lateral jsonb_populate_record(null::{Name}, j.row::jsonb) w) w
                where row({In("r", Key)}) = row({In("w", Key)}) and r.company_id = w.company_id and r.sku = {keep} and {In("r", Stamp)} = {In("w", Stamp)}
                  and not exists (select from {Name} k where k.company_id = r.company_id and k.sku = {give} and row({In("k", Shape)}) = row({In("r", Shape)}))
                """);
        }

        if (ended.Length > 0) db.Queue($"insert into {Name} select w.* from unnest({ended}::text[]) j (row) cross join lateral jsonb_populate_record(null::{Name}, j.row::jsonb) w on conflict do nothing");
    }

    /// Whether the one that stays takes a rule: it has none about the same, and may have one.
    private FormattableString Free(Sku keep)
    {
        FormattableString free = $"not exists (select from {Name} k where k.company_id = r.company_id and k.sku = {keep} and row({In("k", Shape)}) = row({In("r", Shape)}))";
        return OfGoods ? $"({free} and not exists (select from catalog.kit where sku = {keep} and kind = {KitKind.Virtual}))" : free;
    }

    private SqlText.Verbatim Name => new(Table);

    private static SqlText.Verbatim In(string row, string columns) => new(columns.Replace("$.", row + ".", StringComparison.Ordinal));
}

/// What became of a rule when two products became one: the other one has it now, or it ended because that one has its own. `Row` is what stood there.
public sealed record CarriedRule(string Table, bool Carried, string Says, string Row);
