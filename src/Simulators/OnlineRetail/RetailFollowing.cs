using Keel.Ledger;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;

namespace Keel.Simulators;

/// What a day of the file brings besides sales: credits with their refunds, entries by hand, stock put right. Each is known by the file's
/// own number, so that doing it again changes nothing.
internal sealed class RetailFollowing(Clerk clerk, Profile profile, PlannedDay day, Caller caller)
{
    private readonly Currency currency = profile.Company.Currency;

    /// Answers the rows that wait for somebody.
    public async Task<IReadOnlyList<int>> Do(CancellationToken ct)
    {
        var waiting = await Credit(ct);
        foreach (var entry in day.Entries.GroupBy(e => (e.Row.Invoice, e.Account))) await Enter([.. entry], ct);
        foreach (var reason in day.Changes.GroupBy(c => c.Reason)) await PutRight(reason.Key, [.. reason], ct);
        return waiting;
    }

    private async Task<List<int>> Credit(CancellationToken ct)
    {
        if (day.Credits.Count == 0) return [];
        var numbers = day.Credits.Select(c => c.Order).Distinct().ToArray();
        var orders = (await clerk.Asks<Sold>($"select channel_number as number, id from sales.orders where company_id = {clerk.Company} and channel = {profile.Channel.Code} and channel_number = any({numbers})", ct))
            .ToDictionary(o => o.Number, o => o.Id);
        var papers = day.Credits.GroupBy(c => (c.Row.Invoice, c.Order)).Where(g => orders.ContainsKey(g.Key.Order)).ToDictionary(g => Reference(g.Key.Invoice, g.Key.Order));
        var waiting = day.Credits.Where(c => !orders.ContainsKey(c.Order)).Select(c => c.Row.Row).ToList();

        var stock = Place.In(profile.Site.Code, "STOCK");
        var credits = papers.Select(p => new CreditOrders.Credit(
            orders[p.Value.Key.Order], [.. p.Value.GroupBy(c => c.Line).Select(l => new CreditOrders.Part(l.Key, l.Sum(c => c.Quantity)))],
            "cancellation " + p.Value.Key.Invoice, p.Key, stock)).ToArray();
        if (credits.Length > 0)
        {
            var answers = await clerk.Does<CreditOrders, CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>(new(credits), caller, ct);
            var booked = await Booked([.. papers.Keys], ct);
            foreach (var (credit, answer) in credits.Zip(answers).Where(p => p.Second.Why is not null && booked.All(b => b.Reference != p.First.Reference)))
            {
                waiting.AddRange(papers[credit.Reference!].Select(c => c.Row.Row));
            }

            await Refund(booked, ct);
        }

        return waiting;
    }

    private static string Reference(string cancellation, string order) => $"{cancellation}/{order}";

    private Task<List<Note>> Booked(string[] references, CancellationToken ct) => clerk.Asks<Note>(
        $"select order_id, reference, gross, currency from sales.invoice where company_id = {clerk.Company} and is_credit and reference = any({references}) order by id", ct);

    /// What was credited is paid back the same day.
    private async Task Refund(IReadOnlyList<Note> notes, CancellationToken ct)
    {
        var facts = notes.Where(n => n.Gross.Minor > 0).Select(n => new RecordPayments.Fact(n.OrderId, PaymentKind.Refunded, profile.PaymentMethod, n.Gross, n.Reference)).ToArray();
        if (facts.Length > 0) await clerk.Does<RecordPayments, RecordPayments.Request, IReadOnlyList<RecordPayments.Answer>>(new(facts), caller, ct);
    }

    private async Task Enter(PlannedEntry[] entries, CancellationToken ct)
    {
        var amount = Money.Of(Math.Round(entries.Sum(e => e.Row.Amount), 2), currency);
        if (amount.IsZero) return;
        var (debit, credit) = amount.IsNegative ? (entries[0].Account, profile.MoneyAccount) : (profile.MoneyAccount, entries[0].Account);
        var whole = amount.IsNegative ? -amount : amount;
        await clerk.Does<PostManualEntry, PostManualEntry.Request, PostManualEntry.Posted>(
            new(day.Day, $"{entries[0].Row.Invoice}: {entries[0].Rule}", [new PostManualEntry.Line(debit, Debit: whole), new PostManualEntry.Line(credit, Credit: whole)]),
            caller with { IdempotencyKey = $"{profile.Company.Code}/{entries[0].Row.Invoice}/{entries[0].Account}" }, ct);
    }

    /// Somebody counted: what came or went is in the count. A count that was booked before has another figure now, and is left alone.
    private async Task PutRight(string reason, PlannedChange[] changes, CancellationToken ct)
    {
        var byCode = changes.GroupBy(c => c.Row.Code).Select(g => (Code: g.Key, Change: g.Sum(c => c.Change))).Where(c => c.Change != 0).ToArray();
        if (byCode.Length == 0) return;
        var codes = byCode.Select(c => c.Code).ToArray();
        var place = Place.In(profile.Site.Code, "STOCK");
        var there = (await clerk.Asks<There>($"select sku, on_hand from stock.level where company_id = {clerk.Company} and location = {place} and sku = any({codes})", ct)).ToDictionary(l => l.Sku.Text, l => l.OnHand);
        var lines = byCode.Select(c => new AdjustStock.Line(place, c.Code, Quantity.Max(0, there.GetValueOrDefault(c.Code) + c.Change), reason)).ToArray();
        var done = await clerk.Tries<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(
            new(lines), caller with { IdempotencyKey = $"{profile.Company.Code}/{day.Name}/{reason}" }, ct);
        if (!done.Ok && done.Error.Code != Gate.OtherPayload.Code) throw new InvariantBroken($"The stock of {day.Name} was not put right: {done.Error}");
    }

    private sealed record Sold(string Number, Id<Order> Id);

    private sealed record Note(Id<Order> OrderId, string Reference, Money Gross, Currency Currency);

    private sealed record There(Sku Sku, Quantity OnHand);
}
