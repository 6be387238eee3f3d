using System.ComponentModel.DataAnnotations;
using Keel.Ledger.Contract;

namespace Keel.Accounting;

/// Says to which account a role of a fact goes, from a day on. What was posted under an older version stays posted.
[Operation("accounting.set-posting-rule", AccountingPermissions.Rules, ChangesSettings = true, Said = "set a posting rule", Icon = "books")]
internal sealed class SetPostingRule(KeelDb db, Settings settings) : IOperation<SetPostingRule.Request, int>
{
    public sealed record Request(
        [Required, MaxLength(80), RegularExpression(@"^[a-z0-9-]+(\.[a-z0-9-]+)*$", ErrorMessage = "is small words joined by dots, such as invoice.revenue.shipping.")] string Role,
        AccountCode Account, ChannelCode? Channel = null, [MaxLength(60)] string? Category = null, DateOnly? EffectiveFrom = null);

    public static readonly Error Fixed = new("posting-rule.fixed", "This role follows the open items, the stock book or what waits for delivery: its account is not a choice.");
    public static readonly Error NoAccount = Error.NotFound("posting-rule.account-unknown", "The account is not in the chart. Add it first.");
    public static readonly Error Controlled = new("posting-rule.account-controlled", "The account follows documents or the stock book. Choose another.");
    public static readonly Error Past = new("posting-rule.effective-in-the-past", "A rule begins today or later: what was posted under the old one stays posted.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var chart = await Chart.Of(settings, ct);
        var network = await Network.Of(settings, ct);
        var today = network.Day(db.Now);
        if (Roles.IsFixed(request.Role)) return Fixed;
        if (!chart.Knows(request.Account)) return NoAccount;
        if (chart.ControlOf(request.Account) is not Control.None) return Controlled;
        if (request.EffectiveFrom < today) return Past;

        var last = await db.First<int>(
            $"""
            select coalesce(max(version), 0) from accounting.posting_rule
            where company_id = {db.Company} and role = {request.Role} and channel is not distinct from {request.Channel?.Text}::text
              and category is not distinct from {request.Category}::text
            """, ct);
        db.Table<PostingRule>().Insert(new PostingRule(
            db.Company, request.Role, request.Channel, request.Category, last + 1, request.Account, request.EffectiveFrom ?? today, db.Work.Actor.Name, db.Now));
        db.Work.Concerns(request.Role);
        var before = await db.First<string>(
            $"""
            select account from accounting.posting_rule where company_id = {db.Company} and role = {request.Role} and channel is not distinct from {request.Channel?.Text}::text
              and category is not distinct from {request.Category}::text and version = {last}
            """, ct);
        db.Work.Changed("posting-rule", request.Role, $"Account from {request.EffectiveFrom ?? today:yyyy-MM-dd}", before, request.Account.Text);
        return last + 1;
    }
}
