namespace Keel.Accounting;

/// A new company begins with the delivered posting rules.
internal sealed class GivePostingRules(KeelDb db) : IHandle<CompanyFounded>
{
    public Task Handle(CompanyFounded happened, CancellationToken ct)
    {
        db.Table<PostingRule>().InsertMissing(DeliveredRules.For(happened.Company.Id, db.Now));
        return Task.CompletedTask;
    }
}
