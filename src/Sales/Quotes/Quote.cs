using Keel.Sales.Contract;
using Keel.Ui;

namespace Keel.Sales;

/// How far a quote came.
public enum QuoteStatus
{
    /// The latest version is not sent yet.
    [Shown(StateRole.Idle, "Draft")]
    Draft,

    /// The customer has it and may accept it until its day.
    [Shown(StateRole.Waiting, "Sent")]
    Sent,

    /// It became an order.
    [Shown(StateRole.Done, "Accepted")]
    Accepted,

    [Shown(StateRole.Idle, "Lost")]
    Lost,

    /// Its day has passed.
    [Shown(StateRole.Late, "Expired")]
    Expired,
}

/// Why a quote came to nothing.
public enum LostReason
{
    [Shown(StateRole.Idle, "Price")]
    Price,

    [Shown(StateRole.Idle, "Delivery takes too long")]
    DeliveryTime,

    [Shown(StateRole.Idle, "Somebody else has it")]
    Competitor,

    [Shown(StateRole.Idle, "Not needed any more")]
    NoNeed,

    [Shown(StateRole.Idle, "No answer")]
    NoAnswer,

    [Shown(StateRole.Idle, "Something else")]
    Other,
}

/// What is offered to a customer until a day, as its latest version says; versions that were sent stay as they are.
[Rows("sales.quote", "id")]
internal sealed record Quote(
    Id<Quote> Id, Id<Company> CompanyId, string Number, ChannelCode Channel, Guid CustomerId, QuoteStatus Status, int Version, DateOnly ValidUntil, Currency Currency, Money Net, Money Gross,
    Guid? OwnerId, string Owner, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? DecidedAt, Guid? OrderId, string? OrderNumber, LostReason? LostReason, string? LostNote, Guid Operation)
{
    public const string RecordKind = "quote";

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id.Value, Number);

    [NotAColumn]
    public bool IsOver => Status is QuoteStatus.Accepted or QuoteStatus.Lost;
}

/// One version of a quote.
[Rows("sales.quote_version", "quote_id", "version")]
internal sealed record QuoteVersion(
    Id<Quote> QuoteId, int Version, Id<Company> CompanyId, DateOnly ValidUntil, DateOnly? DeliverOn, DeliveryTerm? DeliveryTerm, string? PurchaseOrder, string? Notes, bool GrossPrices, Currency Currency,
    Money Net, Money Tax, Money Gross, DateTimeOffset At, string By, DateTimeOffset? SentAt, Guid Operation);

/// One line of a version: the price that is offered, and what the list said then.
[Rows("sales.quote_line", "quote_id", "version", "line")]
internal sealed record QuoteLine(
    Id<Quote> QuoteId, int Version, int Line, Id<Company> CompanyId, Sku Sku, Quantity Quantity, UnitPrice UnitPrice, UnitPrice? ListPrice, Currency Currency, decimal TaxRate, Money Net, Money Tax, Money Gross);

/// For how long quotes are good.
public sealed record QuoteRules([property: System.ComponentModel.DataAnnotations.Range(1, 365)] int ValidDays) : IPolicy<QuoteRules>
{
    public static string Kind => "quotes";
    public static QuoteRules AsDelivered => new(30);
    public static string Says => "For how many days a quote is good where nobody says another day.";
    public static IReadOnlyList<string> UsedBy => ["sales.save-quote", "sales.renew-quotes"];
}

/// What became of a quote in a list.
internal sealed record QuoteAnswer(Id<Quote> Quote, string? Number, QuoteStatus? Status, string? Why);

/// Quotes' tables, and the only place that locks their rows.
internal static class QuoteTables
{
    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<Quote>.Instance.Names} from sales.quote");
    internal static readonly SqlText.Verbatim VersionColumns = new($"select {RowMap<QuoteVersion>.Instance.Names} from sales.quote_version");
    internal static readonly SqlText.Verbatim LineColumns = new($"select {RowMap<QuoteLine>.Instance.Names} from sales.quote_line");

    extension(KeelDb db)
    {
        /// Locks quotes in key order; they are there after the next round trip, each with its latest version and its lines.
        public (Later<List<Quote>> Quotes, Later<List<QuoteVersion>> Versions, Later<List<QuoteLine>> Lines) LockQuotes(IReadOnlyList<Id<Quote>> ids)
        {
            db.Climb(Rung.Document);
            var keys = ids.Select(i => i.Value).Distinct().Order().ToArray();
            return (
                db.Ask<Quote>($"{Columns} where company_id = {db.Company} and id = any({keys}) order by id for update"),
                db.Ask<QuoteVersion>($"{VersionColumns} v where company_id = {db.Company} and quote_id = any({keys}) and version = (select q.version from sales.quote q where q.id = v.quote_id) order by quote_id"),
                db.Ask<QuoteLine>($"{LineColumns} l where company_id = {db.Company} and quote_id = any({keys}) and version = (select q.version from sales.quote q where q.id = l.quote_id) order by quote_id, line"));
        }
    }
}
