namespace Keel.Kernel;

/// A case with its story, for its page. One round trip.
public sealed class CaseFile(KeelDb db)
{
    public Case Case { get; private set; } = null!;
    public IReadOnlyList<CaseStep> Steps { get; private set; } = [];

    public async Task<bool> Load(Id<Case> id, CancellationToken ct = default)
    {
        var steps = db.Ask<CaseStep>($"{new SqlText.Verbatim($"select {RowMap<CaseStep>.Instance.Names} from kernel.case_step")} where company_id = {db.Company} and case_id = {id} order by id");
        if (await db.Table<Case>().Find($"company_id = {db.Company} and id = {id}", ct) is not { } found) return false;
        (Case, Steps) = (found, steps.Value);
        return true;
    }
}
