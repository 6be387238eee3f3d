using Keel.Catalog.Contract;
using Keel.Printing.Contract;
using Keel.Stock.Contract;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Stock;

/// The stock book: what is where, whose, and promised to whom.
public sealed class StockModule : IModule
{
    private const string Number = "number from stock.document";

    public void Describe(ModuleContents contents) => contents
        .Desk(s => new StockDesk(
            s.GetRequiredService<KeelDb>(), s.GetRequiredService<Settings>(), s.GetRequiredService<StockFacts>(), s.GetRequiredService<Lots>(), s.GetRequiredService<Policies>(),
            s.GetRequiredService<Supplies>(), s.GetRequiredService<Outlooks>(), s.GetRequiredService<Revaluing>()))
        .Numbered("stock-document", "stock.document").Stands("stock document", "stock.document", site: "node", number: "number")
        .Evidence(new EvidencePart("stock-moves", "Stock moves", """
            select m.happened_at, m.recorded_at, m.day, m.sku, m.quantity / 1000.0 as quantity, m.from_node, m.from_location, m.to_node, m.to_location, m.document_kind,
              m.document_number, m.line, m.reason, m.value as value_minor, m.currency, m.operation
            from stock.move m where m.company_id = @company and {scope} order by m.happened_at, m.id
            """, "(m.document_id = any(@ids) or m.sku = any(@numbers))", "m.day >= @from_day and m.day <= @until_day"))
        .Numbered("supply", "stock.supply").Stands("supply", "stock.supply", site: "node", number: "number")
        .Desk<Supplies>().Desk<Outlooks>().Desk<Expecting>().Policy<PromiseRules>().Case(StockCases.SupplyLate, StockCases.SupplyOverdue, StockCases.TakenOver)
        .WaysOut(StockCases.SupplyLate, SupplyWays.Late).WaysOut(StockCases.SupplyOverdue, SupplyWays.Overdue).WaysOut(StockCases.TakenOver, SupplyWays.Late)
        .Operation<AnnounceSupplies>().Operation<ChangeSupply>().Operation<WithdrawSupplies>().Operation<ExpectSupplies>().Job<ExpectSuppliesJob>(every: TimeSpan.FromMinutes(1))
        .Desk<Reallocating>().Desk<ProductOutlook>().Desk<SupplyCard>().Desk<PromiseSheet>().Policy<TakingOver>().Operation<TakeOver>().Operation<ServeWaiting>().Operation<ReleasePromise>().Operation<MovePromise>().Operation<SetRings>().Operation<DropRings>()
        .View<SupplyList>().View<Forecast>().View<WhoWaits>().View<Competing>().View<RingList>()
        .Page<ForecastPage>("Incoming and outgoing", "Stock/Promises", "/stock/forecast", StockPermissions.Read)
        .Page<SuppliesPage>("What is to come", "Stock/Promises", "/stock/supplies", StockPermissions.Read)
        .Page<WaitingPage>("Who waits", "Stock/Promises", "/stock/waiting", StockPermissions.Read)
        .Page<RingsPage>("Rings and safety stock", "Stock/Promises", "/stock/rings", StockPermissions.Read)
        .Record(Supply.RecordKind, "/stock/supplies/", StockPermissions.Read, "number from stock.supply")
        .Begins("Announce goods to come", "/stock/supplies/new").Begins("New ring or safety stock", "/stock/rings/new").Begins("Who competes for goods", "/stock/competing")
        .Desk<ProductGuard>()
        .Desk<StockFacts>()
        .Desk<Freezing>()
        .Desk<PlaceLimits>()
        .Desk<Putaway>().Operation<PutGoodsAway>().Operation<SetPutaway>().Operation<DropPutaway>().View<PutawayRuleList>()
        .Begins("Where goods belong", "/stock/putaway/rules").Begins("New rule for putting away", "/stock/putaway/rules/new")
        .Desk<Overflowing>().Policy<OverflowWays>().Operation<UseOverflow>().Operation<AskOverflow>().Operation<SetOverflow>().Operation<DropOverflow>().View<OverflowRuleList>().Job<OverflowJob>(every: TimeSpan.FromMinutes(5))
        .Begins("Rules of overflow", "/stock/overflow/rules").Begins("New rule of overflow", "/stock/overflow/rules/new")
        .Desk<Lots>().Policy<RemovalRules>()
        .Operation<BlockLot>().Operation<UnblockLot>().Operation<ChangeLot>().Operation<ExpireLots>()
        .View<LotList>().View<LotRecipients>().View<LotBecame>().View<LotMadeOf>().View<LotKitRecipients>().Desk<LotCard>().Page<LotsPage>("Lots and serials", "Stock/Goods", "/stock/lots", StockPermissions.Read)
        .Case(StockCases.LotRecall).WaysOut(StockCases.LotRecall, LotCard.WaysOut)
        .Record(Lot.RecordKind, "/stock/lots/", StockPermissions.Read, "code from stock.lot").Finds<FindLots>().Job<ExpireLotsJob>(every: TimeSpan.FromMinutes(1))
        .Case(StockCases.Displaced)
        .Operation<CreateLocations>()
        .Operation<GenerateLocations>()
        .Operation<EditLocations>()
        .Operation<CloseLocations>()
        .Operation<OpenLocations>()
        .Operation<FreezeStock>()
        .Operation<ThawStock>()
        .Operation<ReceiveGoods>()
        .Operation<AdjustStock>().Operation<OpenStock>().Operation<SaveReasons>().Operation<CloseReasons>().View<ReasonList>()
        .Operation<ScrapStock>()
        .Operation<MoveStock>()
        .Desk<Revaluing>().Desk<Exchanging>().Desk<LateCosts>().Desk<Landing>().Policy<LandedEstimates>()
        .Operation<SetCosting>().Operation<SetStandards>().Operation<Revalue>().Operation<WriteDown>().Operation<LandCosts>().Operation<UndoLandedCost>().Operation<CorrectCost>()
        .Desk<AnotherUnit>().View<ValueList>().View<SiteValueList>().View<WorthAtList>().View<CostingList>().View<LandedList>().Desk<ValueCard>().Desk<ValueForms>().Desk<LandedCard>()
        .Page<ValuePage>("Value of stock", "Stock/Worth", "/stock/value", StockPermissions.ReadValue)
        .Page<SiteValuesPage>("Value site by site", "Stock/Worth", "/stock/site-values", StockPermissions.ReadValue)
        .Page<WorthAtPage>("Value by day", "Stock/Worth", "/stock/value-at", StockPermissions.ReadValue)
        .Page<LandedCostsPage>("Landed costs", "Stock/Worth", "/stock/landed-costs", StockPermissions.ReadValue)
        .Record("revaluation", "/stock/revaluations/", StockPermissions.ReadValue, Number).Record(LandedCost.RecordKind, "/stock/landed-costs/", StockPermissions.ReadValue, Number)
        .Begins("Land costs", "/stock/landed-costs/new").Begins("How goods are valued", "/stock/costing").Begins("Revalue goods", "/stock/revalue").Begins("Write goods down", "/stock/write-down").Begins("Set standard costs", "/stock/standards")
        .Desk<Workbench>().Operation<AssembleKits>().Operation<TakeApart>().Operation<ConvertGoods>().View<ConversionList>().Desk<KitStock>()
        .Page<ConversionsPage>("Conversions", "Stock/Places", "/conversions", StockPermissions.Read)
        .Begins("Assemble kits", "/stock/assemble").Begins("Take kits apart", "/stock/take-apart").Begins("Turn goods into others", "/stock/convert").Begins("Scrap goods", "/stock/scrap")
        .Operation<RequestTransfer>().Operation<ApproveTransfer>().Operation<CancelTransfer>().Operation<ShipTransfer>().Operation<ReceiveTransfer>().Operation<SettleTransfer>().Operation<PromiseTransfers>()
        .Desk<TransferSteps>().Desk<TransferPackages>().Desk<TransferCard>().Paper<TransferNote>().Policy<TransferRules>().Case(StockCases.TransferDifference).WaysOut(StockCases.TransferDifference, TransferSteps.WaysOut).View<TransferList>().Handles<FollowTransfers>()
        .Operation<PlanCounts>().Operation<CancelCounts>().Operation<NoteCount>().Operation<FinishCount>().Operation<LeaveCount>().Operation<DecideCount>().Operation<MakeCounts>().Operation<Classify>()
        .Desk<CountSteps>().Desk<CountMaker>().Policy<AbcRules>().Policy<CountPlans>().Case(MakeCounts.Overdue).Job<ClassifyJob>(every: TimeSpan.FromHours(1)).Job<MakeCountsJob>(every: TimeSpan.FromHours(1))
        .Operation<WatchAdjustments>().Case(WatchAdjustments.Unusual).Job<WatchAdjustmentsJob>(every: TimeSpan.FromHours(1))
        .View<CountList>().View<CountedList>().View<CountAccuracy>().View<ClassList>().Desk<CountCard>().Desk<CountQueue>()
        .Tile<CountList>("Counts overdue", "f.status=Due,Counting,Recount&f.due-on.lt=today", "/counts", StateRole.Late, "Count these first", needs: StockPermissions.Count)
        .Tile<CountList>("Counts to decide", "f.status=ToApprove", "/counts", StateRole.Waiting, "Decide", needs: StockPermissions.ApproveCounts)
        .Record(CountTask.RecordKind, "/counts/", StockPermissions.Read, "number from stock.count_task").Numbered("count", "stock.count_task").Stands("count", "stock.count_task", site: "node", number: "number")
        .Operation<AgreeOwner>().Operation<ReceiveOwned>().Operation<TakeOwnership>().Operation<GiveBack>().Operation<StateOwner>().Operation<OpenCustomerPlace>().Operation<UseAtCustomer>()
        .Desk<OwnedGoods>().Desk<OwnerCard>().Desk<OwnerStatementCard>().Desk<OwnerSheet>().Paper<OwnerStatementPaper>()
        .View<OwnerList>().View<OwnedList>().View<OwnerStatementLines>().View<AtCustomers>()
        .Page<OwnersPage>("Goods of others", "Stock/Goods", "/stock/owners", StockPermissions.Read)
        .Record(GoodsOwner.RecordKind, "/stock/owners/", StockPermissions.Read, "code from stock.owner").Numbered(OwnerStatement.RecordKind, "stock.owner_statement")
        .Record(OwnerStatement.RecordKind, "/stock/owner-statements/", StockPermissions.Owners, "number from stock.owner_statement")
        .Begins("Agree on goods of others", "/stock/owners/agree").Begins("Receive goods of others", "/stock/owners/receive").Begins("Take goods over", "/stock/owners/take").Begins("Give goods back", "/stock/owners/give-back")
        .Begins("Ours at customers", "/stock/at-customers").Begins("A customer used goods", "/stock/at-customers/use")
        .Depends("partner", "select distinct o.partner::text as key, 'goods of theirs' as what from stock.owner o where o.company_id = $1 and o.partner::text = any($2)")
        .Operation<MakePackages>().Operation<PackGoods>().Operation<UnpackGoods>().Operation<MovePackage>().Operation<NestPackage>().Operation<TakePackageOut>().Operation<ClosePackages>().Operation<OpenPackages>().Operation<EndPackages>()
        .Desk<PackageSteps>().Desk<PackageMoves>().Desk<PackageStates>().Desk<PackageCard>().Paper<PackageLabel>().View<PackageList>().Finds<FindPackages>()
        .Page<PackagesPage>("Packages", "Stock/Goods", "/stock/packages", StockPermissions.Read).Begins("New packages", "/stock/packages/new")
        .Record(Package.RecordKind, "/stock/packages/", StockPermissions.Read, "code from stock.package")
        .Operation<SetCondition>().Begins("Say what goods are fit for", "/stock/condition")
        .Record("change", "/stock/changes/", StockPermissions.Read, Number).Record("ownership", "/stock/changes/", StockPermissions.Read, Number).Record("issue", "/stock/changes/", StockPermissions.Read, Number)
        .Operation<TellSnapshot>().Operation<AcceptDrift>().Operation<DismissDrift>().Desk<Drift>().Desk<DriftDecisions>().Desk<ExternalCard>().Policy<DriftRules>().Case(StockCases.ExternalDrift)
        .WaysOut(StockCases.ExternalDrift, ExternalCard.WaysOut).View<ExternalSites>().View<DriftList>().Page<ExternalPage>("External sites", "Stock/Goods", "/stock/external", StockPermissions.Read)
        .Record(ExternalSnapshot.RecordKind, "/stock/external/", StockPermissions.Read, "number from stock.external_snapshot").Begins("Tell what an external site has", "/stock/external/new")
        .Operation<TellEvents>().View<ExternalEvents>().Page<ExternalEventsPage>("Site events", "Stock/Goods", "/stock/external/events", StockPermissions.Read)
        .Record(ExternalEvent.RecordKind, "/stock/external/events/", StockPermissions.Read, "number from stock.external_event").Begins("Tell what happened at an external site", "/stock/external/events/new")
        .Operation<HoldStock>()
        .Operation<ReleaseHold>()
        .Operation<ExpireHolds>()
        .View<PositionList>().View<MoveList>().View<LatestMoves>().View<ReservationList>().View<LocationList>().View<FreezeList>()
        .View<StockAsOf>().View<StockBetween>().View<StockHealth>().View<StockAgeing>().View<Shrinkage>()
        .View<ReceiptList>().View<AdjustmentList>().View<ReturnList>()
        .Desk<ProductCard>().Desk<PlaceCard>().Desk<PlaceMap>().Desk<StockCard>().Desk<RulesInForce>().Desk<DocumentCard>().Desk<CountSheet>().Desk<ReceiptSheet>()
        .Page<StockListPage>("Stock", "Stock", "/stock", StockPermissions.Read)
        .Page<StockAsOfPage>("Stock as of", "Stock/Worth", "/stock/as-of", StockPermissions.Read)
        .Page<StockHealthPage>("Slow and dead", "Stock/Worth", "/stock/health", StockPermissions.Read)
        .Policy<StockRules>()
        .Page<ReceiptsPage>("Receipts", "Stock", "/receipts", StockPermissions.Read)
        .Page<AdjustmentsPage>("Adjustments", "Stock/Counting", "/adjustments", StockPermissions.Read)
        .Page<CountsPage>("Counts", "Stock/Counting", "/counts", StockPermissions.Read)
        .Page<ScanCountsPage>("Count", "Warehouse", "/scan/count", StockPermissions.Count)
        .Page<AccuracyPage>("Accuracy of the book", "Stock/Counting", "/counts/accuracy", StockPermissions.Read)
        .Page<ReasonsPage>("Reasons", "Stock/Counting", "/stock/reasons", StockPermissions.Read)
        .Page<LocationsPage>("Places", "Stock/Places", "/stock/locations", StockPermissions.Read)
        .Page<PutawayPage>("Putaway", "Stock/Places", "/stock/putaway", StockPermissions.Read)
        .Page<OverflowPage>("Overflow", "Stock/Places", "/stock/overflow", StockPermissions.Read)
        .Page<FreezesPage>("Frozen goods", "Stock/Places", "/stock/freezes", StockPermissions.Read)
        .Page<TransfersPage>("Transfers", "Stock", "/transfers", StockPermissions.Read)
        .Page<ReturnsPage>("Returned goods", "Returns", "/returns", StockPermissions.Read)
        .Begins("Count a place", "/stock/adjust").Begins("Receive goods", "/receipts/new").Begins("New transfer", "/transfers/new").Begins("New places", "/stock/locations/new")
        .Begins("Lay out a warehouse", "/stock/places/layout").Begins("Map of places", "/stock/map").Begins("Freeze goods", "/stock/freeze").Begins("Moves of goods", "/stock/moves")
        .Begins("What changed in between", "/stock/between").Begins("Ageing of stock", "/stock/ageing").Begins("Shrinkage", "/stock/shrinkage").Begins("Ask for a count", "/counts/new").Begins("Classes A, B, C", "/stock/classes").Begins("What counts found", "/counts/lines")
        .Undoes<AdjustStock, UndoCounts>().Undoes<OpenStock, UndoCounts>()
        .Depends("product", "select distinct m.sku as key, 'moves of stock' as what from kernel.company c join stock.move m on m.company_id = c.id and m.sku = any($2)")
        .Depends("product", "select distinct p.sku as key, 'a place in the stock book' as what from kernel.company c join stock.position p on p.company_id = c.id and p.sku = any($2)")
        .Depends("product", "select distinct s.sku as key, 'goods to come' as what from kernel.company c join stock.supply s on s.company_id = c.id and s.open > 0 and s.sku = any($2)")
        .Depends("product", "select distinct w.sku as key, 'somebody who waits for it' as what from kernel.company c join stock.waiting w on w.company_id = c.id and w.sku = any($2)")
        .Depends("partner", "select distinct d.partner::text as key, 'receipts' as what from stock.document d where d.company_id = $1 and d.partner::text = any($2)")
        .Reconciles(StockMasters.Count, StockMasters.Places).Domain(StockMasters.All).Quality(StockMasters.Rules)
        .Desk<GuardProductMerges>().Desk<IProductMergeGuard>(s => s.GetRequiredService<GuardProductMerges>())
        .Desk(_ => RulesBySku.Rings).Desk(_ => RulesBySku.Putaway).Desk(_ => RulesBySku.Overflow).Desk(_ => RulesBySku.Agreed)
        .Trigger<PromiseDisplaced>("promise-displaced", "A document lost promised goods", p => p.Document, "{document.number} lost {quantity} of {sku} at {node}: {reason}")
        .Trigger<GoodsReceived>("goods-received", "Goods were received", g => g.Document, "{document.number} came in at {node}")
        .Trigger<GoodsReturned>("goods-returned", "Goods came back", g => g.Document, "{document.number} came back to {node}")
        .Trigger<GoodsConverted>("goods-converted", "Goods became others", g => g.Document, "{document.number} at {node}: {reason}")
        .Trigger<StockAdjusted>("stock-adjusted", "Stock was adjusted", a => a.Document, "{document.number} at {node}: {reason}")
        .Record(Location.RecordKind, "/stock/places/{number}", StockPermissions.Read, "code from stock.location")
        .Record("receipt", "/receipts/", StockPermissions.Read, Number).Record("adjustment", "/adjustments/", StockPermissions.Read, Number).Record("return", "/returns/", StockPermissions.Read, Number)
        .Record("assembly", "/conversions/", StockPermissions.Read, Number).Record("conversion", "/conversions/", StockPermissions.Read, Number)
        .Record("transfer", "/transfers/", StockPermissions.Read, "number from stock.transfer")
        .Handles<GiveSitePlaces>()
        .JoinsRecord<ProductStockLink>().Finds<FindPlaces>().Foretells<ForetellMoves>().Foretells<ForetellPlaces>()
        .Policy<PlaceNaming>()
        .Job<ExpireHoldsJob>(every: TimeSpan.FromSeconds(10)).Job<TakeCheckpoints>(every: TimeSpan.FromMinutes(1))
        .Measure(StockMeasures.All)
        .Checks(StockProof.All, StockGlance.All);
}

/// Permissions of the stock book.
public static class StockPermissions
{
    public const string Read = "stock.read";
    public const string Adjust = "stock.adjust";
    public const string Receive = "stock.receive";
    public const string Move = "stock.move";
    public const string Hold = "stock.hold";
    public const string Convert = "stock.convert";
    public const string Locations = "stock.locations";
    public const string Freeze = "stock.freeze";
    public const string Transfer = "stock.transfer";
    public const string ApproveTransfers = "stock.approve-transfers";
    public const string Reasons = "stock.reasons";
    public const string Count = "stock.count";
    public const string PlanCounts = "stock.plan-counts";
    public const string ApproveCounts = "stock.approve-counts";
    public const string Supply = "stock.supply";
    public const string Rings = "stock.rings";
    public const string Reallocate = "stock.reallocate";

    /// What goods are worth and have cost, and changing it: apart from the other permissions of the stock book, so that who moves goods does not value them.
    public const string ReadValue = "stock-value.read";
    public const string Value = "stock-value.change";
    public const string Owners = "stock.owners";
    public const string Condition = "stock.condition";
    public const string Packages = "stock.packages";
    public const string External = "stock.external";
}
