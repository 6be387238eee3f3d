using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Partners.Merging;
using Keel.Partners.Privacy;
using Keel.Partners.Suppliers;

namespace Keel.Partners;

/// Who buys from us and who sells to us, how they are known again, and how a person is forgotten.
public sealed class PartnersModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Record("customer", "/partners/").Record("supplier", "/partners/")
        .Finds<FindPartners>()
        .Record("partner", "/partners/", PartnersPermissions.Read, "number from partners.partner")
        .Numbered("partner", "partners.partner")
        .Begins("New customer", "/customers/new").Begins("New supplier", "/suppliers/new")
        .Domain(PartnerMasters.All).Quality(PartnerMasters.Rules).Duplicates(PartnerMasters.Signs).Reconciles(PartnerMasters.Imports)
        .Undoes<SaveCustomers, UndoPartners>().Undoes<SaveSuppliers, UndoPartners>()
        .Depends("partner", "select p.parent_id::text as key, 'customers under it' as what from partners.partner p where p.company_id = $1 and p.parent_id::text = any($2)")
        .Depends("partner", "select m.keep_id::text as key, 'a merge' as what from partners.merge m where m.company_id = $1 and m.keep_id::text = any($2)")
        .Depends("partner", "select r.partner_id::text as key, 'a privacy request' as what from partners.privacy_request r where r.company_id = $1 and r.partner_id::text = any($2)")
        .Operation<SaveCustomers>()
        .Operation<ClassifyCustomers>().Operation<BlockCustomers>().Operation<UnblockCustomers>()
        .Operation<SaveSuppliers>()
        .Operation<ErasePerson>()
        .Desk(s => new ErasureDesk(s.GetRequiredService<KeelDb>(), s.GetServices<IErasureGuard>(), s.GetRequiredService<LegalHoldDesk>(), s.GetRequiredService<MasterDesk>()))
        .Operation<OpenPrivacyRequest>().Operation<RefusePrivacyRequests>().Operation<ExportPerson>().Operation<HandOverCopies>()
        .Record(PrivacyRequests.Record, "/privacy/", PartnersPermissions.Privacy, "number from partners.privacy_request")
       .View<PrivacyRequestList>()
        .Page<PrivacyPage>("Privacy", "Service", "/privacy", PartnersPermissions.Privacy)
        .Personal(
            new PersonalPart("person", "Who this is", "select number, name, email, phone, country, currency, language, vat_id, payment_terms_days, created_at, changed_at from partners.partner where company_id = @company and id = @person"),
            new PersonalPart("addresses", "Addresses", "select line1, line2, postal_code, city, region, country from partners.address where company_id = @company and partner_id = @person order by position"),
            new PersonalPart("blocks", "Blocks of new orders", "select reason, owner, blocked_at, lifted_at from partners.block where company_id = @company and partner_id = @person order by blocked_at"),
            new PersonalPart("privacy-requests", "Requests about this data", "select number, wish, received_on, due_on, state, copied_at, ended_at, outcome from partners.privacy_request where company_id = @company and partner_id = @person order by opened_at"))
        .Operation<MergePartners>().Operation<UndoMerge>().Desk<PartnerNumbers>()
        .View<CustomerList>().View<SupplierList>().View<PartnerFile>()
        .Page<CustomersPage>("Customers", "Orders", "/customers", PartnersPermissions.Read)
        .Page<SuppliersPage>("Suppliers", "Buying", "/suppliers", PartnersPermissions.Read)
        .Desk<PartnersDesk>()
        .Desk<KnownCustomers>()
        .Desk<PartnerBook>()
        .Handles<CreateAnonymousCustomer>()
        .Check(
            "partners.addresses", "Every address belongs to a partner of its company.",
            "select count(*) from partners.address",
            """
            select a.partner_id::text, 'a partner', 'none' from partners.address a
            where not exists (select 1 from partners.partner p where p.id = a.partner_id and p.company_id = a.company_id)
            """)
        .Check(
            "partners.erased", "Who was erased has no key and no address left.",
            "select count(*) from partners.partner where erased_at is not null",
            """
            select p.number, 'erased', 'readable' from partners.partner p
            where p.erased_at is not null and (
              exists (select 1 from kernel.person_key k where k.id = p.id and k.key is not null)
              or exists (select 1 from partners.address a where a.partner_id = p.id and (a.line1, a.postal_code, a.city) <> ('', '', '')))
            """);
}
