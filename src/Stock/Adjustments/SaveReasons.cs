using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// Says why stock may be put right: what the books call each reason, how large a difference passes by itself, and whether a larger one needs the yes
/// of somebody else.
[Operation("stock.save-reasons", StockPermissions.Reasons, ChangesSettings = true, Domain = "reasons", Said = "saved {reasons|the reason}", Icon = "edit")]
internal sealed class SaveReasons(KeelDb db, MasterDesk masters) : IOperation<SaveReasons.Request, Saved[]>, IAssess<SaveReasons.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Item> Reasons);

    /// A difference passes by itself where it stays within each bound that is named: units, per cent of what the book said, and value in the company's
    /// currency. Where no bound is named, none passes.
    public sealed record Item(
        ReasonCode Code, [Required, MaxLength(80)] string Name,
        [MaxLength(40), RegularExpression("^[a-z0-9]+(-[a-z0-9]+)*$", ErrorMessage = "is small words joined by hyphens, such as damaged.")] string? PostsAs = null,
        [NotNegative] Quantity? MostUnits = null, [Range(typeof(decimal), "0", "1000")] decimal? MostPercent = null, [Range(typeof(decimal), "0", "1000000000")] decimal? MostValue = null,
        bool NeedsYes = false);

    public static readonly Error Twice = Error.Invalid("stock.reason-twice", "The list names this reason twice. Name it once.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var codes = request.Reasons.Select(r => r.Code).Distinct().ToArray();
        var known = (await db.Table<Reason>().Where($"company_id = {db.Company} and code = any({codes}) order by code for update", ct)).ToDictionary(r => r.Code);
        List<Reason> fresh = [], changed = [];
        var seen = new HashSet<ReasonCode>();
        var answers = request.Reasons.Select(One).ToArray();
        db.Table<Reason>().Insert(fresh);
        db.Table<Reason>().Update(changed);
        return Saved.Answer(answers);

        Saved One(Item item)
        {
            var key = item.Code.Text;
            if (!seen.Add(item.Code)) return Saved.Refused(key, Twice);
            var old = known.GetValueOrDefault(item.Code);
            var next = new Reason(
                db.Company, item.Code, item.Name.Trim(), item.PostsAs is { Length: > 0 } word && word != key ? word : null, item.MostUnits, item.MostPercent, item.MostValue, item.NeedsYes,
                old?.ClosedAt, (old?.Version ?? 0) + 1);
            if (old is not null && next with { Version = old.Version } == old) return new Saved(key, SavedAs.Unchanged);
            (old is null ? fresh : changed).Add(next);
            db.Work.Concerns(key);
            db.Work.Changed(Reason.RecordKind, key, old, next);
            masters.Changed("reasons", new DocumentRef(Reason.RecordKind, Guid.Empty, key), Edits(old, next));
            return new Saved(key, old is null ? SavedAs.Created : SavedAs.Changed);
        }
    }

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());

    private static IEnumerable<FieldEdit> Edits(Reason? old, Reason next)
    {
        if (old is null)
        {
            yield return new FieldEdit(next.Code.Text, "", null, next.Name);
            yield break;
        }

        foreach (var (field, before, after) in new[]
        {
            ("name", old.Name, next.Name), ("posts as", old.Posting, next.Posting), ("passes by itself", Told(old), Told(next)),
            ("needs a second yes", old.NeedsYes ? "yes" : "no", next.NeedsYes ? "yes" : "no"),
        })
        {
            if (before != after) yield return new FieldEdit(next.Code.Text, field, before, after);
        }
    }

    private static string Told(Reason reason) => reason.HasTolerance ? reason.Tolerance : "nothing";
}

/// Closes reasons, so that nothing is put right for them any more, or opens them again. What was put right for them stays.
[Operation("stock.close-reasons", StockPermissions.Reasons, ChangesSettings = true, Said = "closed or opened {reasons|the reason}", Icon = "lock")]
internal sealed class CloseReasons(KeelDb db) : IOperation<CloseReasons.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<ReasonCode> Reasons, bool Open = false);

    public static readonly Error Own = new("stock.reason-own", "The house itself writes this reason down: it stays open.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var codes = request.Reasons.Distinct().ToArray();
        var known = (await db.Table<Reason>().Where($"company_id = {db.Company} and code = any({codes}) order by code for update", ct)).ToDictionary(r => r.Code);
        var changed = new List<Reason>();
        var answers = codes.Select(One).ToArray();
        db.Table<Reason>().Update(changed, nameof(Reason.ClosedAt), nameof(Reason.Version));
        return Saved.Answer(answers);

        Saved One(ReasonCode code)
        {
            if (!known.TryGetValue(code, out var reason)) return Saved.Refused(code.Text, Reasons.Unknown.With($"There is no reason {code}."));
            if (!request.Open && Reason.Own.Contains(code)) return Saved.Refused(code.Text, Own.With($"The house itself writes {code} down: it stays open."));
            if (reason.IsClosed == !request.Open) return new Saved(code.Text, SavedAs.Unchanged);
            changed.Add(reason with { ClosedAt = request.Open ? null : db.Now, Version = reason.Version + 1 });
            db.Work.Concerns(code.Text);
            db.Work.Changed(Reason.RecordKind, code.Text, "State", reason.IsClosed ? "closed" : "open", request.Open ? "open" : "closed");
            return new Saved(code.Text, SavedAs.Changed);
        }
    }
}
