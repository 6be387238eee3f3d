namespace Keel.Tests.Audit;

/// Seals take whole transactions that have ended, of all databases of the server: others' tests may keep them waiting for a moment.
internal static class Sealing
{
    public static async Task All(Shop shop)
    {
        for (var turn = 0; turn < 100; turn++)
        {
            await shop.Runs<SealLog>();
            if (await shop.Number("select count(*) from kernel.operation_log where xact >= coalesce((select max(to_xact::text::bigint) from kernel.seal), 0)::text::xid8") == 0) return;
            await Task.Delay(100);
        }

        throw new InvariantBroken("The log is not sealed.");
    }
}
