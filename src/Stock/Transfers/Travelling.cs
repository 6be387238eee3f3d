using Keel.Stock.Contract;

namespace Keel.Stock;

/// What of a transfer is on its way: loose, and in packages that travel whole. Read behind the lock of the transfer.
internal sealed class Travelling
{
    /// Some of what is on its way on a line; loose where it names no package.
    public sealed record Piece(int Line, Sku Sku, string Lot, string Package, string Owner, Quantity Quantity, DateOnly? SellUntil)
    {
        [NotAColumn]
        public Goods Goods => new(Sku, Quantity, Lot, Package, Owner) { SellUntil = SellUntil };
    }

    /// What somebody says of a line: how many, and of which lot where they name it.
    public sealed record Said(int Line, string? Lot, Quantity Quantity, DateOnly? SellUntil);

    /// What of it came or is gone, with the packages that hold some of it, and what was counted beyond.
    public sealed record Share(IReadOnlyList<Piece> Pieces, IReadOnlyList<Piece> Over, IReadOnlyList<Package> Packages)
    {
        public Quantity On(int line) => Pieces.Where(p => p.Line == line).Sum(p => p.Quantity);
    }

    public static readonly Error NotOnIt = new("stock.transfer-package", "This package is not on its way with this transfer. Scan its label again.");
    public static readonly Error Inside = new("stock.transfer-package-holds", "More lies in a package that is named than was counted. Receive the package, then count what lies in it.");
    public static readonly Error NameIt = new("stock.transfer-package-unnamed", "Some of what was counted left in a package. Name the package: it comes in with all that lies in it.");

    private readonly Transfer transfer;
    private readonly IReadOnlyList<Package> packages;
    private readonly IReadOnlyList<Piece> pieces;

    private Travelling(Transfer transfer, IReadOnlyList<Package> packages, IReadOnlyList<Piece> pieces) => (this.transfer, this.packages, this.pieces) = (transfer, packages, pieces);

    /// Reads what is on its way and locks the packages that travel; of what is loose, what goes off first comes first.
    public static async Task<Travelling> Of(KeelDb db, Transfer transfer, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        var packages = db.Ask<Package>(
            $"{Package.Columns} where company_id = {db.Company} and code in (select package from stock.transfer_package where transfer_id = {transfer.Id} and state = 'OnItsWay') order by code for update");
        var pieces = db.Ask<Piece>(
            $"""
            select m.line, m.sku, m.lot, coalesce(w.package, '') as package, m.owner, sum(case when m.to_location = {Place.Transit} then m.quantity else -m.quantity end)::bigint as quantity, min(l.sell_until) as sell_until
            from stock.move m left join stock.lot l on l.company_id = m.company_id and l.sku = m.sku and l.code = m.lot
            left join stock.transfer_package w on w.transfer_id = m.document_id and w.package = m.package and w.operation = m.operation and w.state = 'OnItsWay' and m.to_location = {Place.Transit}
            where m.document_id = any(array(select {transfer.Id} union all select d.id from stock.document d where d.company_id = {db.Company} and d.order_id = {transfer.Id}))
              and {Place.Transit} in (m.to_location, m.from_location)
            group by 1, 2, 3, 4, 5 order by 1, min(l.sell_until), 3, 4
            """);
        await db.Flush(ct);
        return new Travelling(transfer, packages.Value, [.. pieces.Value.Where(p => p.Quantity.IsPositive)]);
    }

    /// What of it is meant: all where nothing is said; what lies in packages where only they are named; else what the lines say, what packages bring being part of it.
    /// Packages that nobody names come whole where nothing of the lines is missing.
    public Result<Share> Take(IReadOnlyList<TransferLine> lines, IReadOnlyList<Said>? said, IReadOnlyList<string>? named)
    {
        var codes = named?.Select(Package.Plain).ToHashSet(StringComparer.Ordinal);
        if (codes?.FirstOrDefault(c => packages.All(p => p.Code != c)) is { } other) return NotOnIt.With($"{other} is not on its way with {transfer.Number}. Scan its label again.");
        if (codes is null) codes = said is null || lines.All(l => said.Where(s => s.Line == l.Line).Sum(s => s.Quantity) >= l.OnItsWay) ? [.. packages.Select(p => p.Code)] : [];
        while (packages.Where(p => p.Parent is { } parent && codes.Contains(parent) && !codes.Contains(p.Code)).ToArray() is { Length: > 0 } more) codes.UnionWith(more.Select(p => p.Code));
        if (said is null) return Of([.. pieces.Where(p => codes.Contains(p.Package) || (named is null && p.Package.Length == 0))], [], codes);

        var (taken, over) = (pieces.Where(p => codes.Contains(p.Package)).ToList(), new List<Piece>());
        foreach (var line in lines)
        {
            var (inside, loose) = (Left(line, p => codes.Contains(p.Package)), Left(line, p => p.Package.Length == 0));
            foreach (var word in said.Where(s => s.Line == line.Line).OrderBy(s => s.Lot is null))
            {
                var wanted = word.Quantity - Fill(inside, word, word.Quantity).Sum(p => p.Quantity);
                var some = Fill(loose, word, wanted);
                taken.AddRange(some);
                wanted -= some.Sum(p => p.Quantity);
                if (!wanted.IsPositive) continue;
                if (pieces.FirstOrDefault(p => p.Line == line.Line && p.Package.Length > 0 && !codes.Contains(p.Package) && (word.Lot is null || word.Lot == p.Lot)) is { } unnamed)
                    return NameIt.With($"{unnamed.Quantity} of {line.Sku} left in the package {unnamed.Package}. Name the package: it comes in with all that lies in it.");
                over.Add(new Piece(line.Line, line.Sku, word.Lot ?? "", "", line.Owner, wanted, word.SellUntil));
            }

            if (inside.Find(p => p.Quantity.IsPositive) is { } held)
                return Inside.With($"{held.Quantity} more of {(held.Lot.Length > 0 ? $"lot {held.Lot} of " : "")}{line.Sku} lie in {held.Package} than were counted. Receive the package as it left, then count what lies in it.");
        }

        return Of(taken, over, codes);
    }

    /// Empty packages come with the last of the goods.
    private Share Of(IReadOnlyList<Piece> taken, IReadOnlyList<Piece> over, HashSet<string> codes) =>
        new(taken, over, taken.Sum(p => p.Quantity) == pieces.Sum(p => p.Quantity) ? packages : [.. packages.Where(p => codes.Contains(p.Code))]);

    /// What is still on its way when a share of it came.
    public IEnumerable<(Sku Sku, string Lot, Quantity Quantity)> Without(Share share)
    {
        var came = share.Pieces.ToLookup(p => (p.Line, p.Lot), p => p.Quantity);
        return pieces.GroupBy(p => (p.Line, p.Sku, p.Lot)).Select(g => (g.Key.Sku, g.Key.Lot, Quantity: g.Sum(p => p.Quantity) - came[(g.Key.Line, g.Key.Lot)].Sum(q => q))).Where(m => m.Quantity.IsPositive);
    }

    private List<Piece> Left(TransferLine line, Func<Piece, bool> of) => [.. pieces.Where(p => p.Line == line.Line && of(p))];

    /// Takes as many as are wanted out of pieces of the lot that is named, in their order.
    private static List<Piece> Fill(List<Piece> from, Said word, Quantity wanted)
    {
        var taken = new List<Piece>();
        for (var i = 0; i < from.Count; i++)
        {
            if (word.Lot is { } lot && from[i].Lot != lot) continue;
            var quantity = Quantity.Min(wanted, from[i].Quantity);
            if (!quantity.IsPositive) continue;
            taken.Add(from[i] with { Quantity = quantity });
            from[i] = from[i] with { Quantity = from[i].Quantity - quantity };
            wanted -= quantity;
        }

        return taken;
    }
}
