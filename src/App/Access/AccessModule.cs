using Keel.App.Evidence;
using Keel.App.Imports;
using Keel.App.Keeping;
using Keel.App.Pages;
using Keel.Ui;

namespace Keel.App.Access;

/// Who may come in and what they may do: people, their roles, API keys.
internal sealed class AccessModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Desk<People>().Desk<Hands>()
        .Operation<SignIn>()
        .Operation<CreateUser>()
        .Operation<SetRoles>()
        .Operation<SetPassword>()
        .Operation<CreateApiKey>()
        .Operation<RevokeApiKey>()
        .View<UserList>()
        .View<ApiKeyList>()
        .View<ImportList>()
        .View<ImportRowList>()
        .Record("approval", "/approvals/").Record("operation", "/operations/")
        .Begins("New import", "/import/new").Begins("I am away", "/approvals/away/new").Begins("New user", "/settings/users/new").Begins("New API key", "/settings/api-keys/new")
        .Page<TodayPage>("Today", "Today", "/today", KernelPermissions.Read)
        .Tile<CaseList>("My exceptions", "f.mine=true&f.state=Open", "/cases", StateRole.Working, "Go on with them")
        .Tile<CaseList>("Exceptions nobody is at", "f.assignee-id.is=empty&f.state=Open", "/cases", StateRole.Waiting, "Take some")
        .Tile<OutboxList>("Messages that did not go out", "f.state=Dead", "/outbox", StateRole.Late, "Look at them and send them again")
        .Page<CasesPage>("Exceptions", "Exceptions", "/cases", KernelPermissions.Cases)
        .Page<CaseBoardPage>("Board", "Exceptions", "/cases/board", KernelPermissions.Cases)
        .Page<CaseNumbersPage>("Case numbers", "Exceptions", "/cases/numbers", KernelPermissions.Cases)
        .Page<ApprovalsPage>("Approvals", "Exceptions", "/approvals", KernelPermissions.Ask)
        .Page<DelegationsPage>("Who decides instead", "Exceptions", "/approvals/away", KernelPermissions.Ask)
        .Page<CompaniesPage>("Companies", "Settings", "/settings/companies", KernelPermissions.Read)
        .Page<SitesPage>("Sites", "Settings", "/settings/sites", KernelPermissions.Read)
        .Page<ChannelsPage>("Channels", "Settings", "/settings/channels", KernelPermissions.Read)
        .Page<PoliciesPage>("Policies", "Settings", "/settings/policies", KernelPermissions.Read)
        .Page<UsersPage>("Users", "Settings", "/settings/users", AccessPermissions.ReadUsers)
        .Page<SegregationPage>("Segregation of duties", "Settings", "/settings/segregation", AccessPermissions.ReadUsers)
        .Desk<Reconciliation>()
        .Desk<SegregationReport>().Desk<PeopleNames>()
        .Page<DataQualityPage>("Data quality", "Insight", "/data-quality", KernelPermissions.Read)
        .Page<DuplicatesPage>("Duplicates", "Insight", "/duplicates", KernelPermissions.Read)
        .Page<DataOwnersPage>("Data owners", "Settings", "/settings/data-owners", KernelPermissions.Read)
        .Page<ApiKeysPage>("API keys", "Settings", "/settings/api-keys", AccessPermissions.ReadKeys)
        .Page<ImportsPage>("Imports", "Settings", "/import", KernelPermissions.Import)
        .Page<OperationsPage>("Operations log", "Settings", "/operations", KernelPermissions.ReadLog)
        .Page<SealsPage>("Seals", "Settings", "/audit/seals", KernelPermissions.ReadLog)
        .Page<EvidencePage>("Evidence", "Settings", "/audit/evidence", KernelPermissions.Evidence)
        .Job<BuildEvidence>(every: TimeSpan.FromSeconds(2))
        .JoinsRecord<OrderAudit>().JoinsRecord<StockDocumentAudit>().JoinsRecord<ProductAudit>()
        .Page<SightsPage>("Personal data seen", "Settings", "/audit/sights", KernelPermissions.ReadLog)
        .Page<RetentionPage>("Retention", "Settings", "/audit/retention", KernelPermissions.ReadLog)
        .Page<HoldsPage>("Legal holds", "Settings", "/audit/holds", KernelPermissions.ReadLog)
        .Page<ChangesPage>("Changes of masters", "Settings", "/audit/changes", KernelPermissions.ReadLog)
        .Operation<BackUp>().Operation<TryCopy>().View<CopyList>().Policy<CopyPolicy>()
        .Desk<SystemLook>()
        .Page<SystemPage>("System", "Settings", "/system", KernelPermissions.Jobs)
        .Page<CopiesPage>("Backups", "Settings", "/system/backups", AccessPermissions.Copies)
        .Page<OutboxPage>("Outbox", "Settings", "/outbox", KernelPermissions.Jobs)
        .Page<JobsPage>("Jobs", "Settings", "/jobs", KernelPermissions.Jobs);
}

internal static class AccessPermissions
{
    public const string Users = "access.users";
    public const string Keys = "access.keys";
    public const string ReadUsers = "access.users.read";
    public const string ReadKeys = "access.keys.read";

    /// To copy everything, and to try copies.
    public const string Copies = "access.copies";
    public const string SignIn = "access.sign-in";
}
