using Keel.Sales.Contract;

namespace Keel.Sales;

/// What an order was scored at.
internal sealed record Score(int Points, RiskEffect Effect, IReadOnlyList<RiskReason> Reasons, int? ModelVersion)
{
    public string Sentence => $"Its risk is {Points} of 100: {string.Join(" ", Reasons.OrderByDescending(r => r.Points).Take(4).Select(r => r.Sentence))}";
}

/// Scores new orders as the policy says, in memory: the same order, past, policy and model make the same score.
internal sealed class Scoring(InForce<OrderRisk> policy, Pasts? pasts, RiskModel? model, Network network)
{
    public const string Model = "model";

    public int Version => policy.Version;

    /// The score of an order; null where its channel is not scored.
    public Score? Of(int index, NewOrder asked, Draft draft, Channel channel)
    {
        if (pasts is null || !policy.Choice.IsFor(channel)) return null;
        var reasons = policy.Choice.Rules.Select(r => (Rule: r, Sentence: Found(r, index, asked, draft))).Where(f => f.Sentence is not null)
            .GroupBy(f => f.Rule.Sign).Select(g => g.MaxBy(f => f.Rule.Points)).Select(f => new RiskReason(NameOf(f.Rule.Sign), f.Rule.Points, f.Sentence!)).ToList();
        if (model is { IsUsed: true } && policy.Choice.ModelPoints > 0 && Learned(index, asked, draft) is { } learned) reasons.Add(learned);
        var points = Math.Min(100, reasons.Sum(r => r.Points));
        return new Score(points, policy.Choice.EffectOf(points), [.. reasons.OrderByDescending(r => r.Points).ThenBy(r => r.Name, StringComparer.Ordinal)], model is { IsUsed: true } ? model.Version : null);
    }

    public static string NameOf(RiskSign sign) => Kernel.Views.ViewInfo.Kebab(sign.ToString());

    private string? Found(RiskRule rule, int index, NewOrder asked, Draft draft)
    {
        var past = pasts!.Of(index);
        switch (rule.Sign)
        {
            case RiskSign.OrdersInHour: return Many(rule, index, draft, 3, TimeSpan.FromHours(1), "an hour");
            case RiskSign.OrdersInDay: return Many(rule, index, draft, 6, TimeSpan.FromDays(1), "a day");
            case RiskSign.SharedAddress:
                var others = pasts.Neighbours(index);
                return others >= (rule.From ?? 2) ? $"{others} orders of others go to the same address within a day." : null;
            case RiskSign.FirstOrder: return asked.Customer is not null && (past?.Orders ?? 0) == 0 && !pasts.Theirs(index, draft.PlacedAt, TimeSpan.FromDays(1)).Any() ? "It is the customer's first order." : null;
            case RiskSign.UnusualValue:
                var usual = past is { Orders: >= 3, Usual: { } own } ? own : pasts.UsualOf(draft.Currency);
                var times = rule.From ?? 5;
                return usual is > 0 and var of && draft.Taxed.Gross.Minor >= of * times ? $"It is over {draft.Taxed.Gross}; {(past is { Orders: >= 3, Usual: not null } ? "this customer" : "an order")} usually comes to {new Money(of, draft.Currency)}." : null;
            case RiskSign.OtherCountry: return asked.Customer?.Address?.Country is { } home && draft.ShipTo?.Country is { } there && home != there ? $"The customer's address is in {home}, the goods go to {there}." : null;
            case RiskSign.DisposableMail: return DomainOf(asked) is { } domain && policy.Choice.DisposableDomains?.Any(d => IsUnder(domain, d)) == true ? $"The mailbox is at {domain}, which is for throwing away." : null;
            case RiskSign.DigitsInMail:
                var digits = asked.Customer?.Email?.Split('@')[0].Count(char.IsAsciiDigit) ?? 0;
                return digits >= (rule.From ?? 5) ? $"The mailbox's name has {digits} digits." : null;
            case RiskSign.ShortPhone:
                var phone = asked.Customer?.Phone is { Length: > 0 } number ? number.Count(char.IsAsciiDigit) : int.MaxValue;
                return phone < (rule.From ?? 7) ? $"The phone has {phone} digits." : null;
            case RiskSign.FailedPayments: return past is { Failed: var failed } && failed >= (rule.From ?? 2) ? $"{failed} payments of the customer failed before." : null;
            case RiskSign.ManyReturns:
                if (past is not { Shipped: >= 10_000 } much) return null;
                var share = much.Returned * 100 / much.Shipped;
                return share >= (rule.From ?? 50) ? $"{share} % of what the customer got came back." : null;
            default: return null;
        }
    }

    private string? Many(RiskRule rule, int index, Draft draft, int usual, TimeSpan within, string words)
    {
        var many = pasts!.Theirs(index, draft.PlacedAt, within).Count() + 1;
        return many >= (rule.From ?? usual) ? $"It is the customer's order {many} within {words}." : null;
    }

    /// What the model adds: nothing where it sees no more risk than usual.
    private RiskReason? Learned(int index, NewOrder asked, Draft draft)
    {
        var sample = new RiskSample(
            Math.Max(0, (int)(draft.PlacedAt - (pasts!.Of(index)?.Since ?? draft.PlacedAt)).TotalDays), (int)Math.Min(100_000, draft.Lines.Sum(l => l.Quantity).Units),
            RiskSample.HourOf(network, asked.Channel, draft.PlacedAt), asked.Payments is [var first, ..] ? first.Method : null);
        var (odds, parts) = model!.Weigh(sample);
        var points = (int)Math.Round(policy.Choice.ModelPoints * Math.Max(0, 2 * odds - 1));
        if (points == 0) return null;
        var why = string.Join(", ", parts.Where(p => Math.Abs(p.Weight) >= 0.05).OrderByDescending(p => Math.Abs(p.Weight)).Select(p => $"{p.Feature} {p.Weight.ToString("+0.0;-0.0", System.Globalization.CultureInfo.InvariantCulture)}"));
        return new RiskReason(Model, points, $"The model, version {model.Version}, sees more risk than usual ({why}).");
    }

    private static string? DomainOf(NewOrder asked) => asked.Customer?.Email is { } email && email.LastIndexOf('@') is >= 0 and var at ? email[(at + 1)..].Trim().ToLowerInvariant() : null;

    private static bool IsUnder(string domain, string listed)
    {
        var of = listed.Trim().TrimStart('@', '.').ToLowerInvariant();
        return of.Length > 0 && (domain == of || domain.EndsWith("." + of, StringComparison.Ordinal));
    }
}
