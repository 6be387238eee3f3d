using Keel.Stock.Contract;

namespace Keel.Stock;

/// A line of a document that is part of a kit, and how much of it is in one kit.
[Rows("stock.kit_share", "document_id", "line")]
internal sealed record KitShareRow(Guid DocumentId, int Line, Id<Company> CompanyId, int KitLine, Quantity Each);

/// Which lines of documents are parts of one kit.
internal static class KitShares
{
    public static readonly Error PartOfKit = new("stock.part-of-a-kit", "These goods are part of a kit, which is promised as a whole. Give the whole kit free, or serve its document.");

    private static readonly SqlText.Verbatim Columns = new($"select {RowMap<KitShareRow>.Instance.Names} from stock.kit_share");

    /// Keeps it as goods are asked for: it never changes afterwards.
    public static void Remember(KeelDb db, IReadOnlyList<Demand> demands) => db.Table<KitShareRow>().InsertMissing(
        [.. demands.SelectMany(d => d.Lines.Where(l => l.Kit is not null).Select(l => new KitShareRow(d.Document.Id, l.Line, db.Company, l.Kit!.Value.Line, l.Kit.Value.Each)))
            .DistinctBy(s => (s.DocumentId, s.Line)).OrderBy(s => s.DocumentId).ThenBy(s => s.Line)]);

    public static Later<List<KitShareRow>> Ask(KeelDb db, IReadOnlyList<Guid> documents) => db.Ask<KitShareRow>($"{Columns} where document_id = any({documents}) order by document_id, line");

    /// How much is promised of each part beyond whole kits, by node: what cannot ship alone.
    public static IReadOnlyList<(Reservation Promise, Quantity Excess)> Broken(IReadOnlyList<KitShareRow> shares, IReadOnlyList<Reservation> promises)
    {
        var excess = new List<(Reservation, Quantity)>();
        var open = promises.ToLookup(p => (p.DocumentId, p.Line, p.Node));
        foreach (var kit in shares.GroupBy(s => (s.DocumentId, s.KitLine)))
        {
            foreach (var node in kit.SelectMany(s => promises.Where(p => p.DocumentId == s.DocumentId && p.Line == s.Line).Select(p => p.Node)).Distinct())
            {
                var whole = kit.Min(s => open[(s.DocumentId, s.Line, node)].Sum(p => p.Open).Thousandths / s.Each.Thousandths);
                foreach (var share in kit)
                {
                    var own = open[(share.DocumentId, share.Line, node)].OrderByDescending(p => p.Part).ToArray();
                    var over = new Quantity(own.Sum(p => p.Open).Thousandths - checked(share.Each.Thousandths * whole));
                    foreach (var promise in own)
                    {
                        var quantity = Quantity.Min(over, promise.Open);
                        if (!quantity.IsPositive) break;
                        excess.Add((promise, quantity));
                        over -= quantity;
                    }
                }
            }
        }

        return excess;
    }
}

/// Gives what is left of broken kits free: a kit that lost a component waits as a whole, and holds nothing meanwhile.
internal sealed class KeepingWhole(KeelDb db)
{
    /// Their documents are locked. Says whether something was given free.
    public async Task<bool> Keep(IReadOnlyList<DocumentRef> documents, CancellationToken ct)
    {
        var ids = documents.Select(d => d.Id).ToArray();
        var shares = KitShares.Ask(db, ids);
        var (before, set) = (db.OpenReservations(ids), db.OpenAllocations(ids));
        await db.Flush(ct);
        if (shares.Value.Count == 0 || KitShares.Broken(shares.Value, before.Value).Count == 0) return false;

        var lines = shares.Value.Select(s => (s.DocumentId, s.Line)).ToHashSet();
        PositionKey[] keys = [.. before.Value.Where(p => lines.Contains((p.DocumentId, p.Line))).Select(p => p.Position).Distinct()];
        Later<List<Reservation>>? open = null;
        Later<List<Allocation>>? allocated = null;
        void Behind() => (open, allocated) = (db.OpenReservations(ids), db.OpenAllocations(ids));
        var shelf = set.Value.Count == 0 ? await Shelf.ToPromise(db, keys, ct, Behind) : await Shelf.ToMove(db, Places.None, default, keys, create: false, ct, Behind);
        if (allocated!.Value.Count > 0 && set.Value.Count == 0) throw new InvariantBroken("Goods were set aside while their document was locked.");

        var freed = KitShares.Broken(shares.Value, open!.Value);
        foreach (var (promise, quantity) in freed) shelf.Reduce(promise, quantity, StepKind.Released, "the rest of the kit is not there");
        foreach (var line in freed.Select(f => (f.Promise.DocumentId, f.Promise.Line, f.Promise.Node)).Distinct())
        {
            var kept = open.Value.Where(p => (p.DocumentId, p.Line, p.Node) == line).Sum(shelf.OpenOf);
            var own = allocated.Value.Where(a => (a.DocumentId, a.Line, a.Node) == line).OrderByDescending(a => a.Part).ToArray();
            var over = own.Sum(a => a.Open) - kept;
            foreach (var allocation in own)
            {
                var quantity = Quantity.Min(over, allocation.Open);
                if (!quantity.IsPositive) break;
                shelf.Reduce(allocation, quantity);
                over -= quantity;
            }
        }

        shelf.Write();
        WaitingList.Add(db, freed);
        foreach (var node in freed.GroupBy(f => f.Promise.Node).OrderBy(g => g.Key)) db.Raise(new StockArrived(node.Key, [.. node.Select(f => f.Promise.Sku).Distinct()]));
        return freed.Count > 0;
    }
}
