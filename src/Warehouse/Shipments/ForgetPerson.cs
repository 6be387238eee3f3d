using Keel.Messages.Contract;
using Keel.Partners.Contract;

namespace Keel.Warehouse;

/// Shipments and supplier orders keep no name and no address of a person who was forgotten.
internal sealed class ForgetPerson(KeelDb db, MailDesk mails) : IHandle<PersonErased>
{
    public async Task Handle(PersonErased happened, CancellationToken ct)
    {
        db.Queue(
            $"""
            update warehouse.shipment set customer_name = 'Erased person', version = version + 1,
              ship_to = case when ship_to is null then null else jsonb_build_object('line1', '', 'postalCode', '', 'city', '', 'country', ship_to ->> 'country') end
            where company_id = {db.Company} and customer_id = {happened.Partner}
            """);
        db.Queue(
            $"""
            update warehouse.supplier_order set customer_name = 'Erased person', version = version + 1,
              ship_to = case when ship_to is null then null else jsonb_build_object('line1', '', 'postalCode', '', 'city', '', 'country', ship_to ->> 'country') end
            where company_id = {db.Company} and customer_id = {happened.Partner}
            """);
        // What was written to suppliers names them, too.
        mails.ForgetAbout(await db.Query<Guid>($"select id from warehouse.supplier_order where company_id = {db.Company} and customer_id = {happened.Partner}", ct));
    }
}
