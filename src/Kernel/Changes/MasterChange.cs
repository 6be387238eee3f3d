using System.Security.Cryptography;
using System.Text;

namespace Keel.Kernel;

/// What one field of a master or a setting was before and is since. What is personal stands under the person's key.
/// A row without a field says that the master was created. Never changed; the log's seal covers it.
[Rows("kernel.master_change", "id")]
internal sealed record MasterChange(
    Guid Id, Id<Company> CompanyId, Guid Operation, int Position, DateTimeOffset At, string ActorName, string Kind, string Subject, string Field,
    string? Before, string? After, Guid? Person)
{
    /// The digest of an operation's changes, in their order: what the log's line holds of them.
    public static byte[] DigestOf(IEnumerable<MasterChange> changes) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', changes.Select(c => c.Words))));

    /// What the digest is over; the same words are put together by the database when a seal is verified.
    [NotAColumn]
    private string Words => string.Join('|', Kind, Subject, Field, Before ?? "", After ?? "", Person?.ToString() ?? "");

    public static readonly SqlText.Verbatim WordsInSql = new("concat_ws('|', c.kind, c.subject, c.field, coalesce(c.before, ''), coalesce(c.after, ''), coalesce(c.person::text, ''))");
}

/// A change that an operation told, before it is written: its values are turned into text once, when the log's line is.
internal sealed record ToldChange(string Kind, string Subject, string Field, string? Before, string? After, PersonKey? Person)
{
    public MasterChange Row(KeelDb db, int position) => new(
        Guid.CreateVersion7(db.Now), db.Company, db.Work.Operation, position, db.Now, db.Work.Actor.Name, Kind, Subject, Field, Kept(Before), Kept(After),
        Person?.Id);

    /// A person whose key is gone leaves nothing behind.
    private string? Kept(string? text) => text is null || Person is null ? text : Person.Key is null ? null : Person.Encrypt(Encoding.UTF8.GetBytes(text));
}
