using Keel.Partners.Contract;

namespace Keel.Sales;

/// Decides of new orders, before they are written, whether their customers may owe them: an account is locked once for all orders that came together, and who pays at once is asked nothing.
internal sealed class GivingCredit(CustomerCredit credit, Policies policies)
{
    /// What came of one: whether it counts as owed, and why it is stopped.
    public readonly record struct Decided(bool OnAccount, string? Stops);

    /// In the order in which they are to be decided.
    public async Task<IReadOnlyList<Decided>> Decide(IReadOnlyList<(NewOrder Asked, Draft Draft, Customer Customer)> orders, Network network, CancellationToken ct)
    {
        // What is paid or promised now may be paid back or end: it counts as owed then.
        var decided = orders.Select(o => new Decided(o.Customer is { PaymentTermsDays: > 0 } or { CreditLimit: not null } && !network.Channels[o.Asked.Channel].IsMarketplace, null)).ToArray();
        var later = Enumerable.Range(0, orders.Count).Where(i => decided[i].OnAccount && Due(orders[i].Asked, orders[i].Draft).Minor > 0).ToArray();
        if (later.Length == 0) return decided;
        var rules = (await policies.Of<CreditRules>(ct)).Choice;
        var standings = await credit.Lock([.. later.Select(i => orders[i].Customer.Id.Value)], ct);
        foreach (var i in later)
        {
            var (asked, draft, customer) = orders[i];
            var due = Due(asked, draft);
            var standing = standings[customer.Id.Value];
            var stops = rules.IsFor(network.Channels[asked.Channel]) ? standing.Stops(due, rules) : null;
            if (stops is null) standings[customer.Id.Value] = standing.With(due);
            decided[i] = new Decided(true, stops);
        }

        return decided;
    }

    /// What is left to be paid: what came with the order, or is promised by a gateway, is none of the customer's credit.
    private static Money Due(NewOrder asked, Draft draft) =>
        (asked.Payments ?? []).Where(p => p.Kind is Contract.PaymentKind.Captured or Contract.PaymentKind.Authorised && p.Amount.Currency == draft.Currency).Aggregate(draft.Taxed.Gross, (left, p) => left - p.Amount);
}
