using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Tells whoever asks for it the rate that is noted for a day.
internal sealed class NotedRates(Settings settings) : IRates
{
    public async Task<decimal?> RateOf(Currency currency, DateOnly day, CancellationToken ct = default) => (await RateTable.Of(settings, ct)).RateOf(currency, day);
}
