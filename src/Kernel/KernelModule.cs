using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What every module stands on: the gate, the log, companies, sites and channels, policies, cases.
internal sealed class KernelModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Operation<CreateCompany>()
        .Operation<CreateSite>()
        .Operation<CreateChannel>()
        .Operation<SetPolicy>()
        .Operation<SaveFilter>().Operation<DeleteFilter>()
        .Operation<TakeCases>().Operation<AssignCases>().Operation<SnoozeCases>().Operation<EscalateCases>().Operation<NoteCase>().Operation<CloseCase>().Operation<CloseCases>()
        .Operation<TendCases>()
        .Foretells<ForetellCases>()
        .Case(FailApproval.Failed)
        .Job<TendCasesJob>(every: TimeSpan.FromMinutes(1))
        .Operation<DecideApproval>().Operation<DecideApprovals>().Operation<WithdrawApproval>().Operation<FailApproval>().Operation<ExpireApprovals>()
        .Operation<HandOverDecisions>().Operation<EndDelegations>()
        .Handles<RunApproved>()
        .Job<ExpireApprovalsJob>(every: TimeSpan.FromMinutes(1))
        .Policy<ApprovalPolicy>().Policy<Segregation>()
        .Desk<Duties>().Desk<Deciders>()
        .Desk<PolicyBook>()
        .Operation<ReplayDeadLetters>().Operation<WatchWork>()
        .Case(WatchWork.Behind, WatchWork.Dead)
        .Job<WatchWorkJob>(every: TimeSpan.FromMinutes(1))
        .Job<PurgeOldRows>(every: TimeSpan.FromHours(1))
        .Job<MakePayloadPartitions>(every: TimeSpan.FromHours(12))
        .Operation<ProveBooks>()
        .Desk<ApprovalDesk>()
        .View<SavedFilterList>().Desk<SavedFilters>()
        .View<ApprovalList>().View<DelegationList>().View<CaseList>().View<CaseNumbers>().View<OperationList>().View<OutboxList>().View<HeartbeatList>()
        .View<CompanyList>().View<SiteList>().View<ChannelList>().View<PolicyList>()
        .View<ProofList>().View<ProofCheckList>().View<ProofDifferenceList>()
        .Checks(KernelProof.All)
        .Job<SealLog>(every: TimeSpan.FromSeconds(10))
        .Job<ProveBooksJob>(every: TimeSpan.FromMinutes(15));
}

/// The permissions of the Kernel's own operations.
public static class KernelPermissions
{
    public const string Read = "kernel.read";
    public const string Import = "kernel.import";
    public const string Companies = "kernel.companies";
    public const string Network = "kernel.network";
    public const string Policies = "kernel.policies";
    public const string Cases = "kernel.cases";
    public const string ReadLog = "kernel.log.read";
    public const string Proof = "kernel.proof";
    public const string Jobs = "kernel.jobs";

    /// To save filters of lists for oneself: everybody may.
    public const string Filters = "kernel.read";

    /// To save them for everybody who may see the list.
    public const string ShareFilters = "kernel.share-filters";

    /// To decide about others' requests; at which level is said by the policy.
    public const string Decide = "kernel.approvals.decide";

    /// To look after one's own requests: everybody may.
    public const string Ask = "kernel.read";
}
