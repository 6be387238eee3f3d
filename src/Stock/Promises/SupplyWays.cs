namespace Keel.Stock;

/// The ways out of cases about goods that are to come.
internal static class SupplyWays
{
    public static CaseWay[] Late => [CaseWay.Go("See who waits", "/stock/waiting?q={number}", StockPermissions.Read)];

    public static CaseWay[] Overdue =>
    [
        CaseWay.Go("Say the new day", "/stock/supplies/{id}", StockPermissions.Read) with { SubjectKind = Supply.RecordKind },
        CaseWay.Asking<WithdrawSupplies>("It never comes", "supplies", "reason", "It is promised to nobody any more. Why?") with { SubjectKind = Supply.RecordKind },
    ];
}
