using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What every module stands on: the gate, the log, companies, sites and channels, policies, cases.
internal sealed class KernelModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .StandsWith("case", "kernel.work_case", about: "subject_id").StandsWith("legal hold", "kernel.legal_hold", about: "subject_id")
        .Operation<CreateCompany>()
        .Operation<CreateSite>()
        .Operation<CreateChannel>().Operation<ChangeChannel>()
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
        .Masters()
        .Watched()
        .Operation<ReplayDeadLetters>().Operation<WatchWork>()
        .Case(WatchWork.Behind, WatchWork.Dead)
        .Job<WatchWorkJob>(every: TimeSpan.FromMinutes(1))
        .Job<PurgeOldRows>(every: TimeSpan.FromHours(1))
        .Job<MakePayloadPartitions>(every: TimeSpan.FromHours(12))
        .Operation<VerifySeals>().View<SealList>().Desk<SealDesk>()
        .Operation<TakeEvidence>().Operation<DownloadEvidence>().View<EvidenceList>().Evidence(KernelEvidence.Parts)
        .Operation<PlaceLegalHold>().Operation<LiftLegalHolds>().View<LegalHoldList>()
        .Policy<RetentionPolicy>().Operation<PurgeDue>().View<PurgeList>().Job<PurgeDueJob>(every: TimeSpan.FromHours(6))
        .Retains<RetainedSights>("sights", "Who saw personal data", leastMonths: 6).Retains<RetainedEvidence>("evidence", "Files of evidence packs")
        .Retains<RetainedImports>("imports", "Rows and files of imports")
        .Personal(
            new PersonalPart("cases", "Cases about these documents", """
                select c.kind, c.subject, c.sentence, c.state, c.opened_at, c.closed_at, s.at, s.kind as step, s.words
                from kernel.work_case c left join kernel.case_step s on s.case_id = c.id where c.company_id = @company and (c.subject_id = @person or c.subject = any(@numbers)) order by c.opened_at, s.position
                """),
            new PersonalPart("seen-by", "Who looked at it here", """
                select s.day, s.way, s.what, s.times, s.actor_kind from kernel.sight s where s.company_id = @company and s.record_id = @person order by s.day
                """))
        .Operation<ExportView>().View<SightList>().Job<WriteSights>(every: TimeSpan.FromSeconds(4))
        .Operation<ProveBooks>()
        .Desk<ApprovalDesk>().Desk<ToDecide>().Desk<ApprovalNow>()
        .View<SavedFilterList>().Desk<SavedFilters>()
        .View<ApprovalList>().View<DelegationList>().View<CaseList>().View<CaseNumbers>().View<OperationList>().View<ChangeList>().View<OutboxList>().View<DeliveryList>().View<HeartbeatList>().View<JobRunList>()
        .View<CompanyList>().View<SiteList>().View<ChannelList>().View<PolicyList>()
        .View<ProofList>().View<ProofCheckList>().View<ProofDifferenceList>()
        .Checks(KernelProof.All)
        .Operation<SaveRule>().Operation<SetRuleMode>().Operation<RetryRuleRuns>().Operation<DropRuleRuns>().Operation<RuleTrouble>().Operation<RuleMended>()
        .Operation<RaiseCase>().Operation<EscalateCasesAbout>()
        .Case([RaiseCase.Attention, .. RuleTrouble.Kinds])
        .Operation<TryRule>().View<RuleList>().View<RuleRunList>().View<AutomationNumbers>()
        .Desk<RuleCheck>().Desk<RuleMatching>().Desk<RuleActing>().Desk<RuleLists>().Desk<RuleTrial>().Desk<RuleBook>()
        .Trigger<CaseOpened>("case-opened", "A case was opened", c => c.Case, "{kind}: {sentence}")
        .Trigger<CaseEscalated>("case-passed-up", "A case was passed up", c => c.Case, "{about.number} went to {team}")
        .Trigger<ApprovalAsked>("approval-asked", "Somebody's yes is asked for", a => a.Approval, "{requester} asks: {sentence}")
        .Job<FollowRules>(every: TimeSpan.FromSeconds(1))
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

    /// To place and lift legal holds.
    public const string LegalHolds = "kernel.legal-holds";

    /// To purge by the retention policy before it does so by itself.
    public const string Retention = "kernel.retention";

    /// To take evidence out of the house.
    public const string Evidence = "kernel.log.evidence";
    public const string Proof = "kernel.proof";
    public const string Jobs = "kernel.jobs";

    /// To look after master data as a whole: owners, data quality, requests that no owner decides.
    public const string Masters = "kernel.masters";

    /// To say what is aimed at and who answers for a measure, and to take measures before their hour.
    public const string Measures = "kernel.measures";

    /// To make rules, to let them act, to pause them, to look after what they could not do.
    public const string Rules = "kernel.rules";
    public const string ReadRules = "kernel.rules.read";

    /// To save filters of lists for oneself: everybody may.
    public const string Filters = "kernel.read";

    /// To save them for everybody who may see the list.
    public const string ShareFilters = "kernel.share-filters";

    /// To decide about others' requests; at which level is said by the policy.
    public const string Decide = "kernel.approvals.decide";

    /// To look after one's own requests: everybody may.
    public const string Ask = "kernel.read";
}
