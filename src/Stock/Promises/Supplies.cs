using Keel.Stock.Contract;

namespace Keel.Stock;

/// Keeps what is to come: announced, changed, received, withdrawn. Who waits for it follows in the same step.
internal sealed class Supplies(KeelDb db, Settings settings, ProductGuard products, Expecting expecting, CaseDesk cases)
{
    public static readonly Error NotThere = Error.NotFound("stock.supply-unknown", "There is no such supply in this company, or nothing of it is to come any more.");
    public static readonly Error OnlyTransfers = Error.Invalid("stock.supply-transfer", "What comes from another site is known from its transfer. Ask for the transfer instead.");
    public static readonly Error InPast = Error.Invalid("stock.supply-past", "It cannot be expected before today.");
    public static readonly Error Other = new("stock.supply-other", "This supply is of another product, or for another site.");
    public static readonly Error OtherOwner = new("stock.supply-owner", "This supply was announced as goods of another owner. Leave it out, or receive them as theirs.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Announce(IReadOnlyList<NewSupply> supplies, CancellationToken ct)
    {
        var (network, owners) = (await Network.Of(settings, ct), await Owners.Of(settings, ct));
        if (owners.Wrong(supplies.Select(s => s.Owner)) is { } unknown) return unknown;
        foreach (var asked in supplies)
        {
            if (!network.Sites.ContainsKey(asked.Node)) return Receiving.NoNode.With($"There is no site {asked.Node}. Choose one of the list.");
            if (asked.Kind is SupplyKind.Transfer) return OnlyTransfers;
            if (asked.ExpectedOn < network.DayAt(asked.Node, db.Now)) return InPast.With($"{asked.Sku} at {asked.Node} cannot be expected on {asked.ExpectedOn:yyyy-MM-dd}: that day has passed.");
            // What a document brings about is no word of whoever wrote it down.
            if (asked.Document is null) db.Work.Actor.MustBeAt(asked.Node);
        }

        if (await products.Check(supplies.Select(s => (s.Sku, s.Quantity)), ct) is { } wrong) return wrong;
        var numbers = await db.Numbers.Take(db.Company, "SU", db.Now.Year, supplies.Count, ct);
        var rows = supplies.Select((s, i) => new Supply(
            db.NewId<Supply>(), db.Company, numbers[i], s.Kind, s.Sku, s.Node, s.Owner.Trim(), s.Quantity, 0, s.ExpectedOn, s.EarliestOn, s.Confidence, s.Supplier, s.Reference, s.Note,
            s.Document?.Kind, s.Document?.Id, s.Document?.Number, db.Now, 1, db.Work.Operation)).ToArray();
        // What a document brings about is found by that: its goods may be contended already.
        foreach (var row in rows.Where(r => r.DocumentId is null)) db.Work.Concerns(row.Number);
        db.Table<Supply>().Insert(rows);
        db.Table<SupplyStep>().Insert([.. rows.Select(r => Step(r, SupplyStepKind.Announced, r.Open, "announced"))]);
        await expecting.Refresh([.. rows.Select(r => r.Sku).Distinct()], "announced", ct);
        return rows.Select(r => r.Ref).ToArray();
    }

    public async Task<Result<Done>> Change(IReadOnlyList<SupplyChange> changes, string reason, CancellationToken ct)
    {
        var before = await Lock([.. changes.Select(c => c.Supply)], ct);
        if (before.Count < changes.Select(c => c.Supply).Distinct().Count()) return NotThere;
        var network = await Network.Of(settings, ct);
        var after = new List<Supply>();
        foreach (var change in changes)
        {
            var was = before[change.Supply];
            db.Work.Actor.MustBeAt(was.Node);
            if (change.ExpectedOn is { } day && day < network.DayAt(was.Node, db.Now)) return InPast;
            after.Add(was with
            {
                Open = change.Open ?? was.Open, ExpectedOn = change.ExpectedOn ?? was.ExpectedOn, EarliestOn = change.EarliestOn ?? was.EarliestOn,
                Confidence = change.Confidence ?? was.Confidence, Version = was.Version + 1,
            });
        }

        if (await products.Check(after.Select(a => (a.Sku, a.Open)), ct) is { } wrong) return wrong;
        Write([.. after.Select(a => (a, Step(a, SupplyStepKind.Changed, a.Open - before[a.Id.Value].Open, reason)))]);
        cases.Close(StockCases.SupplyOverdue, [.. after.Where(a => a.Open.IsZero || a.ExpectedOn > before[a.Id.Value].ExpectedOn).Select(a => a.Id.Value)], "there is a new day");
        await expecting.Refresh([.. after.Select(a => a.Sku).Distinct()], string.Join(", ", after.Select(a => a.Number)) + ": " + reason, ct);
        return Done.It;
    }

    public async Task<Result<Done>> Withdraw(IReadOnlyList<Guid> supplies, string reason, CancellationToken ct)
    {
        var rows = await Lock(supplies, ct);
        if (rows.Count < supplies.Distinct().Count()) return NotThere;
        foreach (var row in rows.Values) db.Work.Actor.MustBeAt(row.Node);
        Write([.. rows.Values.Select(r => (r with { Open = 0, Version = r.Version + 1 }, Step(r, SupplyStepKind.Withdrawn, -r.Open, reason)))]);
        cases.Close(StockCases.SupplyOverdue, [.. rows.Keys], "it never comes");
        await expecting.Refresh([.. rows.Values.Select(r => r.Sku).Distinct()], string.Join(", ", rows.Values.Select(r => r.Number)) + ": " + reason, ct);
        return Done.It;
    }

    /// Goods of an owner came that were announced: what is to come is that much less. More than was announced is received all the same.
    public async Task<Result<Done>> Receive(IReadOnlyList<(string Number, NodeCode Node, Sku Sku, Quantity Quantity)> came, CancellationToken ct, string owner = PositionKey.Own)
    {
        if (came.Count == 0) return Done.It;
        db.Climb(Rung.Document);
        var numbers = came.Select(c => c.Number.Trim().ToUpperInvariant()).Distinct().ToArray();
        var rows = (await db.Query<Supply>($"{Supply.Columns} where company_id = {db.Company} and number = any({numbers}) and open > 0 order by id for update", ct)).ToDictionary(s => s.Number);
        var steps = new List<SupplyStep>();
        foreach (var (asked, node, sku, quantity) in came)
        {
            var number = asked.Trim().ToUpperInvariant();
            if (!rows.TryGetValue(number, out var row)) return NotThere.With($"There is no supply {asked} of which anything is to come. Leave it out, or name another.");
            if (row.Sku != sku || row.Node != node) return Other.With($"{number} is {row.Sku} for {row.Node}, not {sku} for {node}.");
            if (row.Owner != owner) return OtherOwner.With(row.Owner == PositionKey.Own ? $"{number} was announced as our own goods. Leave it out, or receive them as ours." : $"{number} was announced as goods of {row.Owner}. Leave it out, or receive them as theirs.");
            var own = Quantity.Min(row.Open, quantity);
            rows[number] = row with { Open = row.Open - own, Received = row.Received + quantity, Version = row.Version + 1 };
            steps.Add(Step(row, SupplyStepKind.Received, -own, own < quantity ? $"{quantity - own} more came than were announced" : "received"));
        }

        foreach (var row in rows.Values) db.Work.Concerns(row.Number);
        Update([.. rows.Values]);
        db.Table<SupplyStep>().Insert(steps);
        cases.Close(StockCases.SupplyOverdue, [.. rows.Values.Where(r => r.Open.IsZero).Select(r => r.Id.Value)], "it came");
        return Done.It;
    }

    private async Task<Dictionary<Guid, Supply>> Lock(IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        var rows = await db.Query<Supply>($"{Supply.Columns} where company_id = {db.Company} and id = any({ids}) and open > 0 order by id for update", ct);
        foreach (var row in rows) db.Work.Concerns(row.Number);
        return rows.ToDictionary(r => r.Id.Value);
    }

    private void Write(IReadOnlyList<(Supply Row, SupplyStep Step)> changed)
    {
        Update([.. changed.Select(c => c.Row)]);
        db.Table<SupplyStep>().Insert([.. changed.Select(c => c.Step)]);
    }

    private void Update(IReadOnlyList<Supply> rows) => db.Table<Supply>().Update(
        rows, nameof(Supply.Open), nameof(Supply.Received), nameof(Supply.ExpectedOn), nameof(Supply.EarliestOn), nameof(Supply.Confidence), nameof(Supply.Version));

    private SupplyStep Step(Supply supply, SupplyStepKind kind, Quantity quantity, string reason) =>
        new(Guid.CreateVersion7(db.Now), db.Company, supply.Id, kind, quantity, supply.ExpectedOn, reason, db.Now, db.Work.Operation);
}
