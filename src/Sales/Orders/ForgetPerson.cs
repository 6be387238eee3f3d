using Keel.Messages.Contract;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;

namespace Keel.Sales;

/// Orders keep no name and no address of a person who was forgotten; the country stays, for the tax was reckoned by it. While an order is
/// open its goods need the address, so the person is not forgotten before.
internal sealed class ForgetPerson(KeelDb db, LegalHoldDesk holds, CaseDesk cases, MailDesk mails, PricingDesk pricing) : IHandle<PersonErased>, IErasureGuard
{
    public static readonly Error Open = new("partner.has-open-orders", "Orders of this person are open. Ship or cancel them first.");

    public static readonly Error Quoted = new("partner.has-open-quotes", "Quotes for this person are open. Note them as lost first.");

    public static readonly Error Subscribed = new("partner.has-subscriptions", "Subscriptions of this person go on. End them first.");

    public static readonly Error Agreed = new("partner.has-blanket-orders", "Blanket orders with this person go on. End them first.");

    public async Task<Error?> Why(Id<Partner> person, CancellationToken ct)
    {
        var open = await db.Query<string>(
            $"""
            select number from sales.orders where company_id = {db.Company} and customer_id = {person} and status not in ('Shipped', 'Cancelled') order by id limit 3
            """, ct);
        if (open.Count > 0) return Open.With($"{string.Join(", ", open)} of this person {(open.Count == 1 ? "is" : "are")} open. Ship or cancel {(open.Count == 1 ? "it" : "them")} first.");
        var quoted = await db.Query<string>($"select number from sales.quote where company_id = {db.Company} and customer_id = {person} and status in ('Draft', 'Sent') order by id limit 3", ct);
        if (quoted.Count > 0) return Quoted.With($"{string.Join(", ", quoted)} for this person {(quoted.Count == 1 ? "is" : "are")} open. Note {(quoted.Count == 1 ? "it" : "them")} as lost first.");
        var coming = await db.Query<string>($"select number from sales.subscription where company_id = {db.Company} and customer_id = {person} and status <> 'Ended' order by id limit 3", ct);
        if (coming.Count > 0) return Subscribed.With($"{string.Join(", ", coming)} of this person {(coming.Count == 1 ? "goes" : "go")} on. End {(coming.Count == 1 ? "it" : "them")} first.");
        var agreed = await db.Query<string>($"select number from sales.blanket_order where company_id = {db.Company} and customer_id = {person} and status <> 'Ended' order by id limit 3", ct);
        if (agreed.Count > 0) return Agreed.With($"{string.Join(", ", agreed)} with this person {(agreed.Count == 1 ? "goes" : "go")} on. End {(agreed.Count == 1 ? "it" : "them")} first.");
        var held = await db.Query<Guid>(
            $"""
            select h.subject_id from kernel.legal_hold h where h.company_id = {db.Company} and h.lifted_at is null and (
              h.subject_id in (select id from sales.orders where company_id = {db.Company} and customer_id = {person})
              or h.subject_id in (select id from sales.invoice where company_id = {db.Company} and customer_id = {person})) limit 1
            """, ct);
        return await holds.Why(held, ct);
    }

    public Task Handle(PersonErased happened, CancellationToken ct)
    {
        db.Queue(
            $"""
            update sales.orders set customer_name = 'Erased person', version = version + 1, purchase_order = null, picker_note = null, customer_note = null,
              ship_to = case when ship_to is null then null else jsonb_build_object('line1', '', 'postalCode', '', 'city', '', 'country', ship_to ->> 'country') end
            where company_id = {db.Company} and customer_id = {happened.Partner}
            """);
        db.Queue($"update sales.subscription set ship_to = null, purchase_order = null, why = null, version = version + 1 where company_id = {db.Company} and customer_id = {happened.Partner}");
        db.Queue($"update sales.blanket_order set ship_to = null, purchase_order = null, why = null, version = version + 1 where company_id = {db.Company} and customer_id = {happened.Partner}");
        db.Queue($"update sales.quote set lost_note = null where company_id = {db.Company} and customer_id = {happened.Partner} and lost_note is not null");
        db.Queue($"update sales.quote_version set notes = null, purchase_order = null where quote_id in (select id from sales.quote where company_id = {db.Company} and customer_id = {happened.Partner}) and (notes is not null or purchase_order is not null)");
        cases.ForgetNotes($"select id from sales.orders where company_id = {db.Company} and customer_id = {happened.Partner} union all select {happened.Partner}::uuid");
        mails.Forget(happened.Partner.Value);
        pricing.Forget($"select id from sales.orders where company_id = {db.Company} and customer_id = {happened.Partner}");
        return Task.CompletedTask;
    }
}
