using Keel.Kernel.Views;
using Keel.Partners.Contract;

namespace Keel.Partners.Privacy;

/// The requests of persons about their own data, with the day by which each is due.
[View("partners.privacy-requests", PartnersPermissions.Privacy, Sort = "due-on")]
internal sealed class PrivacyRequestList(KeelDb db) : IView<PrivacyRequestList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Number { get; init; }
        [Search] public required string Partner { get; init; }
        public required Id<Partner> PartnerId { get; init; }
        [Personal] public string? Name { get; init; }
        public required PrivacyWish Wish { get; init; }
        public required PrivacyState State { get; init; }
        [Title("Received")] public required DateOnly ReceivedOn { get; init; }
        [Title("Due")] public required DateOnly DueOn { get; init; }
        public string? Note { get; init; }
        public required string OpenedBy { get; init; }
        public string? CopiedBy { get; init; }
        public DateTimeOffset? CopiedAt { get; init; }
        [Title("Answered by")] public string? EndedBy { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string? Outcome { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select r.id, r.number, r.partner_number as partner, r.partner_id, p.name, r.wish, r.state, r.received_on, r.due_on, r.note, r.opened_by, r.copied_by, r.copied_at, r.ended_by, r.ended_at, r.outcome
        from partners.privacy_request r join partners.partner p on p.id = r.partner_id where r.company_id = {db.Company}
        """;
}
