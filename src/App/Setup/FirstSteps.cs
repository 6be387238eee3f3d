namespace Keel.App.Setup;

/// What a company needs before its first order can leave, each step with whether it is done: read from the facts, nobody ticks anything.
internal sealed class FirstSteps(KeelDb db)
{
    public sealed record Step(string Title, bool IsDone, string Says, string Href);

    public async Task<IReadOnlyList<Step>> Load(CancellationToken ct = default)
    {
        var people = db.Ask<long>($"select count(*) from access.person where not disabled");
        if (db.Company.IsEmpty)
        {
            await db.Flush(ct);
            return [new("Company", false, "Found the company whose books are kept here.", "/settings/companies/new")];
        }

        var facts = (await db.Query<Facts>(
            $"""
            select (select count(*) from kernel.site where company_id = {db.Company}) as sites, (select count(*) from kernel.channel where company_id = {db.Company}) as channels,
              (select count(*) from (select from catalog.pub_product limit 1000) p) as products,
              (select count(*) from (select distinct sku from stock.pub_position where company_id = {db.Company} and on_hand > 0 limit 1000) s) as stocked,
              (select count(*) from kernel.site s where s.company_id = {db.Company} and not exists (
                select from printing.pub_route r where r.company_id = s.company_id and r.node in ('', s.code) and r.paper in ('packing-slip', 'shipping-label'))) as unrouted,
              (select count(*) from (select from sales.pub_order where company_id = {db.Company} limit 1000) o) as orders
            """, ct))[0];
        return
        [
            new("Company", true, "Its books, months and number series are there.", "/settings/companies"),
            new("Site", facts.Sites > 0, facts.Sites > 0 ? Many(facts.Sites, "site") : "A place that holds goods.", "/settings/sites"),
            new("Channel", facts.Channels > 0, facts.Channels > 0 ? Many(facts.Channels, "channel") : "A way to sell.", "/settings/channels"),
            new("Products", facts.Products > 0, facts.Products > 0 ? Many(facts.Products, "product") : "Bring them from a file, or write the first.", facts.Products > 0 ? "/products" : "/import/new?operation=catalog.save-products"),
            new("Stock", facts.Stocked > 0, facts.Stocked > 0 ? $"{Many(facts.Stocked, "product")} on hand" : "Count what is there, from a file or place by place.", facts.Stocked > 0 ? "/stock" : "/import/new?operation=stock.adjust"),
            new("Printing", facts.Sites > 0 && facts.Unrouted == 0, facts.Sites == 0 ? "Which printer gets which paper." : facts.Unrouted == 0 ? "Labels and slips have their printers."
                : $"{Many(facts.Unrouted, "site")} without a route for labels and slips: name the printers, or simulated ones, then say which papers they get.",
                facts.Sites > 0 && facts.Unrouted == 0 ? "/printing/routes" : "/printing/printers"),
            new("People", people.Value[0] > 1, people.Value[0] > 1 ? Many(people.Value[0], "person", "people") : "Invite whoever works with you.", people.Value[0] > 1 ? "/settings/users" : "/settings/users/invite"),
            new("First order", facts.Orders > 0, facts.Orders > 0 ? Many(facts.Orders, "order") : "Take it, and see it through.", facts.Orders > 0 ? "/orders" : "/orders/new"),
        ];
    }

    private static string Many(long count, string one, string? many = null) => count == 1 ? $"1 {one}" : count >= 1000 ? $"1,000 {many ?? one + "s"} and more" : $"{count} {many ?? one + "s"}";

    private sealed record Facts(long Sites, long Channels, long Products, long Stocked, long Unrouted, long Orders);
}
