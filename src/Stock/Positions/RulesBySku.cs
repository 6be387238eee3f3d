using Keel.Catalog.Contract;

namespace Keel.Stock;

/// The rules of the stock book that name a SKU, for whoever makes one product of two.
internal static class RulesBySku
{
    public static readonly RuleTable Rings = new("Ring", "stock.ring")
    {
        Key = "$.id", Shape = "$.kind, $.channel, $.node", Stamp = "$.changed_at",
        Says = "$.kind || coalesce(' for ' || nullif($.channel, ''), '') || coalesce(' at ' || nullif($.node, ''), ' everywhere')",
    };

    /// Where the one that stays has rules for a site, goods go by these alone: two sets of rules were never meant to be one.
    public static readonly RuleTable Putaway = new("Putaway rule", "stock.putaway_rule")
    {
        Key = "$.id", Shape = "$.node, $.condition", Stamp = "$.changed_at", Says = "$.condition || ' goods go to ' || $.place",
    };

    /// Rules of two products could lead in a circle together, so those of a site come over together or not at all.
    public static readonly RuleTable Overflow = new("Overflow rule", "stock.overflow_rule")
    {
        Key = "$.id", Shape = "$.place = '', case when $.place = '' then '' else $.node end", Stamp = "$.changed_at",
        Says = "case when $.place = '' then $.node || ' filled from ' || $.from_node else $.place || ' filled from ' || $.from_place end",
    };

    public static readonly RuleTable Agreed = new("Agreed cost", "stock.agreed_cost")
    {
        Key = "$.company_id, $.owner, $.sku, $.from_on", Shape = "$.owner", Stamp = "$.agreed_at", Says = "$.owner || ' from ' || $.from_on",
    };
}
