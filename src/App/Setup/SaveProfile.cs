namespace Keel.App.Setup;

/// Keeps what a company says about how it works. Some answers at a time are enough: the others stay as they were.
[Operation("access.save-profile", KernelPermissions.Policies, Title = "Save company profile", Said = "answered questions about the company")]
internal sealed class SaveProfile(KeelDb db) : IOperation<CompanyProfile, int>
{
    public static readonly Error NoModel = Error.Invalid("profile.sells-through", "Say what you sell through: one at least.", new FieldError("sellsThrough", "names one at least."));

    public async Task<Result<int>> Run(CompanyProfile request, CancellationToken ct)
    {
        if (request.SellsThrough is { Count: 0 }) return NoModel;
        var last = await db.Table<ProfileVersion>().Find($"company_id = {db.Company} order by version desc limit 1", ct);
        var before = last?.Answers ?? new CompanyProfile();
        var after = before.With(request);
        if (last is not null && after.SaysTheSameAs(before)) return last.Version;
        var version = (last?.Version ?? 0) + 1;
        db.Table<ProfileVersion>().Insert(new ProfileVersion(db.Company, version, after, db.Work.Actor.Name, db.Now, db.Work.Operation));
        db.Work.Concerns("profile");
        db.Work.Changed("profile", "company", last is null ? null : before, after);
        return version;
    }
}
