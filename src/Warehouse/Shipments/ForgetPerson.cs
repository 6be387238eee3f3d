using Keel.Partners.Contract;

namespace Keel.Warehouse;

/// Shipments keep no name and no address of a person who was forgotten.
internal sealed class ForgetPerson(KeelDb db) : IHandle<PersonErased>
{
    public Task Handle(PersonErased happened, CancellationToken ct)
    {
        db.Queue(
            $"""
            update warehouse.shipment set customer_name = 'Erased person', version = version + 1,
              ship_to = case when ship_to is null then null else jsonb_build_object('line1', '', 'postalCode', '', 'city', '', 'country', ship_to ->> 'country') end
            where company_id = {db.Company} and customer_id = {happened.Partner}
            """);
        return Task.CompletedTask;
    }
}
