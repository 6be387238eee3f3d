using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Partners.Privacy;

/// What a person asks of us by the law.
public enum PrivacyWish
{
    /// Access: a copy of everything that is known about them.
    Export,

    /// Erasure: to be forgotten.
    Erase,
}

public enum PrivacyState
{
    Open,
    Done,
    Refused,
}

/// A person's request about their own data, with the day by which the law wants it answered.
[Rows("partners.privacy_request", "id")]
internal sealed record PrivacyRequest(
    Guid Id, Id<Company> CompanyId, string Number, Id<Partner> PartnerId, string PartnerNumber, PrivacyWish Wish, DateOnly ReceivedOn, DateOnly DueOn, string? Note, PrivacyState State,
    string OpenedBy, DateTimeOffset OpenedAt, string? EndedBy, DateTimeOffset? EndedAt, string? Outcome, string? CopiedBy = null, DateTimeOffset? CopiedAt = null);

/// How requests end by what was done.
internal static class PrivacyRequests
{
    public const string Series = "PR";

    /// How notes, files and the story of one find it.
    public const string Record = "privacy-request";

    /// A copy is there; the person has it when somebody says so.
    public static void QueueCopied(KeelDb db, Id<Partner> partner) => db.Queue(
        $"""
        update partners.privacy_request set copied_by = {db.Work.Actor.Name}, copied_at = {db.Now}
        where company_id = {db.Company} and partner_id = {partner} and wish = {PrivacyWish.Export} and state = 'Open'
        """);

    public static void QueueDone(KeelDb db, Id<Partner> partner, PrivacyWish wish, string outcome) => db.Queue(
        $"""
        update partners.privacy_request set state = 'Done', ended_by = {db.Work.Actor.Name}, ended_at = {db.Now}, outcome = {outcome}
        where company_id = {db.Company} and partner_id = {partner} and wish = {wish} and state = 'Open'
        """);
}

/// Notes that a person asked for a copy of their data, or to be forgotten. It is due within a month.
[Operation("partners.open-privacy-request", PartnersPermissions.Privacy, Said = "opened the privacy request", Icon = "person")]
internal sealed class OpenPrivacyRequest(KeelDb db, Settings settings, DocumentNumbers numbers) : IOperation<OpenPrivacyRequest.Request, Guid>
{
    public sealed record Request(
        [Required, MaxLength(40)] string Partner, PrivacyWish Wish, DateOnly? ReceivedOn = null, [MaxLength(300), DataType(DataType.MultilineText)] string? Note = null);

    public static readonly Error IsOpen = new("privacy.open-already", "This person asked for the same already, and it is still open. Answer that request.");
    public static readonly Error NotYet = Error.Invalid("privacy.received-later", "The request was received today or earlier. Correct the day.");
    public static readonly Error NoPerson = new("privacy.no-person", "Nothing is known of this partner that could be copied or erased: it is the anonymous customer, or was erased.");

    public async Task<Result<Guid>> Run(Request request, CancellationToken ct)
    {
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var received = request.ReceivedOn ?? today;
        if (received > today) return NotYet;
        if ((await db.Partners.Locked(db.Company, [request.Partner.Trim()], [], ct)) is not [var partner]) return ErasePerson.NoPartner;
        if (partner.ErasedAt is not null || partner.Identity == Customers.Identity.Anonymous) return NoPerson;
        if (await db.Table<PrivacyRequest>().Find($"company_id = {db.Company} and partner_id = {partner.Id} and wish = {request.Wish} and state = 'Open'", ct) is not null) return IsOpen;

        var number = await numbers.Take(db.Company, PrivacyRequests.Series, today.Year, ct);
        var id = Guid.CreateVersion7(db.Now);
        db.Table<PrivacyRequest>().Insert(new PrivacyRequest(
            id, db.Company, number, partner.Id, partner.Number, request.Wish, received, received.AddMonths(1), request.Note, PrivacyState.Open, db.Work.Actor.Name, db.Now, null, null, null));
        db.Work.Concerns(number);
        db.Work.Concerns(partner.Number);
        return id;
    }
}

/// Ends requests of persons that cannot be followed, with the reason that the person is told.
[Operation("partners.refuse-privacy-requests", PartnersPermissions.Privacy, Said = "refused {privacy requests|the privacy request}", Icon = "x")]
internal sealed class RefusePrivacyRequests(KeelDb db) : IOperation<RefusePrivacyRequests.Request, int>
{
    public sealed record Request([MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Requests, [Required, MinLength(5, ErrorMessage = "says in a few words why."), MaxLength(300)] string Reason);

    public static readonly Error None = Error.NotFound("privacy.none-open", "None of these requests is open. Load the list again.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var open = await db.Table<PrivacyRequest>().Where($"company_id = {db.Company} and id = any({request.Requests}) and state = 'Open' order by id for update", ct);
        if (open.Count == 0) return None;
        db.Table<PrivacyRequest>().Update([.. open.Select(r => r with { State = PrivacyState.Refused, EndedBy = db.Work.Actor.Name, EndedAt = db.Now, Outcome = request.Reason })]);
        foreach (var one in open) db.Work.Concerns(one.Number);
        return open.Count;
    }
}

/// Says of requests for a copy how the copy reached the person, which answers them.
[Operation("partners.hand-over-copies", PartnersPermissions.Privacy, Title = "Copy handed over", Said = "handed the copy of the data over", Icon = "mail")]
internal sealed class HandOverCopies(KeelDb db) : IOperation<HandOverCopies.Request, int>
{
    public sealed record Request([MinLength(1), MaxLength(100)] IReadOnlyList<Guid> Requests, [Required, MinLength(4, ErrorMessage = "says in a few words how."), MaxLength(200)] string How);

    public static readonly Error NoCopy = new("privacy.no-copy-yet", "No copy was made for any of these requests that are open. Make the copy first, send it, and say then how the person got it.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var ready = await db.Table<PrivacyRequest>().Where(
            $"company_id = {db.Company} and id = any({request.Requests}) and state = 'Open' and wish = 'Export' and copied_at is not null order by id for update", ct);
        if (ready.Count == 0) return NoCopy;
        db.Table<PrivacyRequest>().Update([.. ready.Select(r => r with { State = PrivacyState.Done, EndedBy = db.Work.Actor.Name, EndedAt = db.Now, Outcome = request.How })]);
        foreach (var one in ready) db.Work.Concerns(one.Number);
        return ready.Count;
    }
}

/// Notes that a copy of everything that is known about a person is taken out of the house. The door asks it before it hands out the file; the
/// person's request stays open until the copy has reached them.
[Operation("partners.export-person", PartnersPermissions.Privacy, Said = "made a copy of the data", Icon = "download")]
internal sealed class ExportPerson(KeelDb db, Sights sights) : IOperation<ExportPerson.Request, string>
{
    public sealed record Request(Id<Partner> Partner);

    public async Task<Result<string>> Run(Request request, CancellationToken ct)
    {
        if (await db.Partners.Find($"company_id = {db.Company} and id = {request.Partner}", ct) is not { } partner) return ErasePerson.NoPartner;
        PrivacyRequests.QueueCopied(db, partner.Id);
        db.Work.Concerns(partner.Number);
        foreach (var open in await db.Table<PrivacyRequest>().Where($"company_id = {db.Company} and partner_id = {partner.Id} and wish = 'Export' and state = 'Open'", ct)) db.Work.Concerns(open.Number);
        sights.Note(db.Work, "partners.person", SightWay.Export, partner.Id.ToString());
        return partner.Number;
    }
}
