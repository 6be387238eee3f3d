using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Partners.Merging;

/// Makes one of two partners: one stays as it is, the other points at it and is still found by its number and identity. Documents stay where
/// they are. While both have open work it is refused, with what to do first.
[Operation("partners.merge", PartnersPermissions.Merge, Said = "merged two partners", Icon = "branch")]
internal sealed class MergePartners(KeelDb db, IEnumerable<IMergeGuard> guards, DuplicateDesk duplicates, MasterDesk masters)
    : IOperation<MergePartners.Request, Done>, IAssess<MergePartners.Request, Done>
{
    public sealed record Request(
        [Required, MaxLength(40)] string Keep, [Required, MaxLength(40)] string Give, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason);

    public static readonly Error Same = Error.Invalid("merge.same", "A partner is one already. Name two.");
    public static readonly Error Erased = new("merge.erased", "Who was erased stays erased and is merged with nobody.");
    public static readonly Error Already = new("merge.already", "One of them is merged already.");
    public static readonly Error Currencies = new("merge.currencies", "They trade in different currencies, so their terms cannot be one. Keep both.");
    public static readonly Error BothOpen = new("merge.both-open", "Both have open work. Finish that of one of them first.");
    public static readonly Error KeepTheOther = new("merge.keep-the-other", "The one that would go has open work. Keep that one instead, or finish its work first.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (request.Keep == request.Give) return Same;
        var rows = (await db.Partners.Locked(db.Company, [request.Keep, request.Give], [], ct)).ToDictionary(p => p.Number);
        if (!rows.TryGetValue(request.Keep, out var keep) || !rows.TryGetValue(request.Give, out var give)) return PartnerBook.NoPartner;
        if (await WhyNot(keep, give, ct) is { } why) return why;

        // What pointed at the one that goes points at the one that stays: nobody follows a chain.
        db.Queue($"update partners.partner set merged_into = {keep.Id}, version = version + 1 where company_id = {db.Company} and merged_into = {give.Id}");
        db.Partners.Update(give with { MergedInto = keep.Id, ChangedAt = db.Now, Version = give.Version + 1 }, nameof(PartnerRow.MergedInto), nameof(PartnerRow.ChangedAt), nameof(PartnerRow.Version));
        db.Partners.Update(
            keep with { IsCustomer = keep.IsCustomer || give.IsCustomer, IsSupplier = keep.IsSupplier || give.IsSupplier, ChangedAt = db.Now, Version = keep.Version + 1 },
            nameof(PartnerRow.IsCustomer), nameof(PartnerRow.IsSupplier), nameof(PartnerRow.ChangedAt), nameof(PartnerRow.Version));
        db.Table<Merge>().Insert(new Merge(db.NewId<Merge>(), db.Company, keep.Id, give.Id, keep.Number, give.Number, request.Reason, db.Work.Actor.Name, db.Now));
        foreach (var domain in new[] { PartnerMasters.Customers, PartnerMasters.Suppliers })
        {
            duplicates.Merged(domain, keep.Number, give.Number, request.Reason);
            masters.CallOff(domain, give.Number, $"merged into {keep.Number}");
        }

        db.Work.Concerns(keep.Number);
        db.Work.Concerns(give.Number);
        return Done.It;
    }

    public Task<Effect> Assess(Request request, Done answer, CancellationToken ct) =>
        Task.FromResult(new Effect(null, [], $"Merges {request.Give} into {request.Keep}: {request.Reason}"));

    private async Task<Error?> WhyNot(PartnerRow keep, PartnerRow give, CancellationToken ct)
    {
        if (keep.ErasedAt is not null || give.ErasedAt is not null) return Erased;
        if (keep.Identity == Customers.Identity.Anonymous || give.Identity == Customers.Identity.Anonymous) return PartnerBook.IsAnonymous;
        if (keep.MergedInto is not null) return Already.With($"{keep.Number} is merged into another partner itself. Keep that one.");
        if (give.MergedInto is not null) return Already.With($"{give.Number} is merged already. Undo that merge first.");
        if (keep.Currency != give.Currency) return Currencies.With($"{keep.Number} trades in {keep.Currency}, {give.Number} in {give.Currency}. Their terms cannot be one: keep both.");

        Dictionary<Id<Partner>, List<string>> open = [];
        foreach (var guard in guards)
        {
            foreach (var (partner, what) in await guard.Open([keep.Id, give.Id], ct))
            {
                if (!open.TryGetValue(partner, out var all)) open[partner] = all = [];
                all.Add(what);
            }
        }

        if (!open.TryGetValue(give.Id, out var given)) return null;
        var gives = string.Join(" and ", given);
        return open.TryGetValue(keep.Id, out var kept)
            ? BothOpen.With($"{keep.Number} has {string.Join(" and ", kept)}, {give.Number} has {gives}. Finish the work of one of them first, then keep the other.")
            : KeepTheOther.With($"{give.Number} has {gives}. Keep {give.Number} instead, or finish its work first.");
    }
}

/// Takes a merge back while nobody was taken for the one that stays under the other's name.
[Operation("partners.undo-merge", PartnersPermissions.Merge, Said = "took a merge back", Icon = "undo")]
internal sealed class UndoMerge(KeelDb db, DuplicateDesk duplicates) : IOperation<UndoMerge.Request, Done>
{
    public sealed record Request([Required, MaxLength(40)] string Give, [MaxLength(200)] string? Reason = null);

    public static readonly Error NotMerged = new("merge.none", "This partner is not merged.");
    public static readonly Error Used = new("merge.used", "The merge is depended on. Both stay one.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Partners.Locked(db.Company, [request.Give], [], ct) is not [var give]) return PartnerBook.NoPartner;
        if (give.MergedInto is null || await db.Table<Merge>().Find($"company_id = {db.Company} and give_id = {give.Id} and undone_at is null for update", ct) is not { } merge) return NotMerged;
        if (merge.UsedAt is { } used) return Used.With($"Since {used:d MMMM yyyy} work came in for {merge.Keep} under the name of {merge.Give}: who it was meant for would be lost. Both stay one.");
        if (give.MergedInto != merge.KeepId) return Used.With($"{merge.Keep} was merged into another partner since. Undo that merge first.");

        db.Table<Merge>().Update(merge with { UndoneAt = db.Now, UndoneBy = db.Work.Actor.Name }, nameof(Merge.UndoneAt), nameof(Merge.UndoneBy));
        db.Partners.Update(give with { MergedInto = null, ChangedAt = db.Now, Version = give.Version + 1 }, nameof(PartnerRow.MergedInto), nameof(PartnerRow.ChangedAt), nameof(PartnerRow.Version));
        // Who had been merged into this one before points at it again.
        db.Queue(
            $"""
            update partners.partner p set merged_into = {give.Id}, version = p.version + 1 from partners.merge m
            where p.company_id = {db.Company} and m.give_id = p.id and m.keep_id = {give.Id} and m.undone_at is null and p.merged_into = {merge.KeepId}
            """);
        foreach (var domain in new[] { PartnerMasters.Customers, PartnerMasters.Suppliers }) duplicates.Parted(domain, merge.Keep, merge.Give);
        db.Work.Concerns(merge.Keep);
        db.Work.Concerns(merge.Give);
        return Done.It;
    }
}
