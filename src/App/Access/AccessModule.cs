using Keel.App.Boards;
using Keel.App.Evidence;
using Keel.App.Imports;
using Keel.App.Keeping;
using Keel.App.Pages;
using Keel.App.Setup;
using Keel.Ui;

namespace Keel.App.Access;

/// Who may come in and what they may do: people, their roles, API keys.
internal sealed class AccessModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Desk<People>().Desk<Hands>()
        .Desk<Entrance>().Desk<Oneself>()
        .Operation<SignIn>().Operation<SignInWithCode>().Operation<SignInFromOutside>()
        .Operation<ChangeName>().Operation<ChooseLanguage>().Operation<ChangePassword>().Operation<EndOwnSessions>().Operation<EndSessions>()
        .Operation<TurnOnSecondFactor>().Operation<TurnOffSecondFactor>().Operation<DrawRecoveryCodes>().Operation<TakeSecondFactor>()
        .Operation<CreateUser>()
        .Operation<InviteUser>().Operation<LetSetPassword>().Operation<RevokeInvitations>().Operation<AcceptInvitation>()
        .Operation<RegisterDevice>().Operation<EndDevices>().Operation<GiveBadge>().Operation<TakeBadge>().Operation<ChangePin>().Operation<SignInWithBadge>().View<DeviceList>()
        .Desk<PasskeyDesk>().Operation<BeginPasskey>().Operation<AddPasskey>().Operation<RemovePasskey>().Operation<BeginPasskeySignIn>().Operation<SignInWithPasskey>().View<OwnPasskeyList>()
        .Operation<SetRoles>()
        .Operation<SetPassword>()
        .Operation<SaveRole>().Operation<RemoveRole>()
        .Operation<CreateApiKey>()
        .Operation<RevokeApiKey>()
        .View<UserList>().View<RoleList>().View<SessionList>().View<OwnSessionList>().View<InvitationList>()
        .View<AccessReviewList>().View<WhoMayList>().Operation<ReviewAccess>().Job<CountUsesJob>(every: TimeSpan.FromMinutes(1))
        .View<ApiKeyList>()
        .View<ImportList>()
        .View<ImportRowList>().Operation<UndoImport>()
        .Record("operation", "/operations/")
        .Begins("New import", "/import/new").Begins("I am away", "/approvals/away/new").Begins("New user", "/settings/users/new").Begins("New API key", "/settings/api-keys/new")
        .Boards()
        .Page<TodayPage>("Today", "Today", "/today", KernelPermissions.Read)
        .Tile<CaseList>("My exceptions", "f.mine=true&f.state=Open", "/cases", StateRole.Working, "Go on with them", needs: KernelPermissions.Cases)
        .Tile<CaseList>("Exceptions for you", "f.for-me=true&f.state=Open", "/cases", StateRole.Waiting, "Settle them", needs: KernelPermissions.Cases)
        .Tile<OutboxList>("Messages that did not go out", "f.state=Dead", "/outbox", StateRole.Late, "Look at them and send them again", needs: KernelPermissions.Jobs)
        .Page<CasesPage>("Exceptions", "Exceptions", "/cases", KernelPermissions.Cases)
        .Page<CaseBoardPage>("Board", "Exceptions", "/cases/board", KernelPermissions.Cases)
        .Page<CaseNumbersPage>("Case numbers", "Exceptions", "/cases/numbers", KernelPermissions.Cases)
        .Page<ApprovalsPage>("Approvals", "Exceptions", "/approvals", KernelPermissions.Ask)
        .Page<DelegationsPage>("Who decides instead", "Exceptions", "/approvals/away", KernelPermissions.Ask)
        .Page<RuleRunsPage>("What rules did", "Exceptions", "/rules/runs", KernelPermissions.ReadRules)
        .Page<AutomationPage>("Automation", "Insight", "/rules/numbers", KernelPermissions.ReadRules)
        .Page<RulesPage>("Rules", "Settings/Automation", "/rules", KernelPermissions.ReadRules)
        .Page<TriggersPage>("Events to follow", "Settings/Automation", "/rules/events", KernelPermissions.ReadRules)
        .Tile<RuleRunList>("Rules that failed", "f.state=Refused", "/rules/runs", StateRole.Late, "Mend them, or try again", needs: KernelPermissions.Rules)
        .Record("rule", "/rules/").Record("kernel.cases", "/cases/")
        .Page<CompaniesPage>("Companies", "Settings/Company", "/settings/companies", KernelPermissions.Read)
        .Page<SitesPage>("Sites", "Settings/Company", "/settings/sites", KernelPermissions.Read)
        .Page<ChannelsPage>("Channels", "Settings/Company", "/settings/channels", KernelPermissions.Read)
        .Page<PoliciesPage>("Policies", "Settings/Company", "/settings/policies", KernelPermissions.Read)
        .Page<UsersPage>("Users", "Settings/People", "/settings/users", AccessPermissions.ReadUsers)
        .Page<InvitationsPage>("Invitations", "Settings/People", "/settings/users/invitations", AccessPermissions.ReadUsers)
        .Page<RolesPage>("Roles", "Settings/People", "/settings/roles", AccessPermissions.ReadUsers)
        .Page<DevicesPage>("Shared devices", "Settings/People", "/settings/devices", AccessPermissions.ReadUsers)
        .Page<AccessReviewPage>("Access review", "Settings/People", "/settings/access-review", AccessPermissions.ReadUsers)
        .Page<WhoMayPage>("Who may what", "Settings/People", "/settings/who-may", AccessPermissions.ReadUsers)
        .Page<SegregationPage>("Segregation of duties", "Settings/People", "/settings/segregation", AccessPermissions.ReadUsers)
        .Desk<Reconciliation>()
        .Desk<SegregationReport>().Desk<PeopleNames>().Desk<FieldChoices>()
        .Page<DataQualityPage>("Data quality", "Insight", "/data-quality", KernelPermissions.Read)
        .Page<DuplicatesPage>("Duplicates", "Insight", "/duplicates", KernelPermissions.Read)
        .Page<DataOwnersPage>("Data owners", "Settings/Data", "/settings/data-owners", KernelPermissions.Read)
        .Page<ApiKeysPage>("API keys", "Settings/People", "/settings/api-keys", AccessPermissions.ReadKeys)
        .Page<ImportsPage>("Imports", "Settings/Data", "/import", KernelPermissions.Import)
        .Page<OperationsPage>("Operations log", "Settings/Audit", "/operations", KernelPermissions.ReadLog)
        .Page<SealsPage>("Seals", "Settings/Audit", "/audit/seals", KernelPermissions.ReadLog)
        .Page<EvidencePage>("Evidence", "Settings/Audit", "/audit/evidence", KernelPermissions.Evidence)
        .Job<BuildEvidence>(every: TimeSpan.FromSeconds(2))
        .JoinsRecord<OrderAudit>().JoinsRecord<StockDocumentAudit>().JoinsRecord<ProductAudit>()
        .Page<SightsPage>("Personal data seen", "Settings/Audit", "/audit/sights", KernelPermissions.ReadLog)
        .Page<RetentionPage>("Retention", "Settings/Data", "/audit/retention", KernelPermissions.ReadLog)
        .Page<HoldsPage>("Legal holds", "Settings/Audit", "/audit/holds", KernelPermissions.ReadLog)
        .Page<ChangesPage>("Changes of masters", "Settings/Audit", "/audit/changes", KernelPermissions.ReadLog)
        .Operation<BackUp>().Operation<TryCopy>().View<CopyList>().Policy<CopyPolicy>()
        .Operation<SaveProfile>().Desk<Proposals>().Desk<HouseFacts>().Desk<FirstSteps>()
        .Page<SetupPage>("Setup", "Settings", "/setup", KernelPermissions.Policies)
        .Desk<SystemLook>()
        .Page<SystemPage>("System", "Settings/System", "/system", KernelPermissions.Jobs)
        .Page<CopiesPage>("Backups", "Settings/System", "/system/backups", AccessPermissions.Copies)
        .Page<OutboxPage>("Outbox", "Settings/System", "/outbox", KernelPermissions.Jobs)
        .Page<DeliveriesPage>("Deliveries", "Settings/System", "/deliveries", KernelPermissions.Jobs)
        .Page<JobsPage>("Jobs", "Settings/System", "/jobs", KernelPermissions.Jobs)
        .Page<JobRunsPage>("Runs of jobs", "Settings/System", "/jobs/runs", KernelPermissions.Jobs);
}

internal static class AccessPermissions
{
    public const string Users = "access.users";
    public const string Roles = "access.roles";
    public const string Review = "access.review";
    public const string Devices = "access.devices";
    public const string Keys = "access.keys";
    public const string ReadUsers = "access.users.read";
    public const string ReadKeys = "access.keys.read";

    /// To copy everything, and to try copies.
    public const string Copies = "access.copies";
    public const string SignIn = "access.sign-in";

    /// To look after one's own name, password and sessions: everybody who signs in may, whatever their roles.
    public const string Own = "access.own";
}
