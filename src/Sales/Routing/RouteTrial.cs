using Keel.Catalog.Contract;
using Keel.Pricing.Contract;
using Keel.Stock.Contract;
using static Keel.Kernel.Words;

namespace Keel.Sales;

/// Where an order would go that nobody placed: by today's stock and any version of the policy. It promises nothing.
internal sealed class RouteTrial(KeelDb db, Settings settings, CatalogDesk catalog, PricingDesk pricing, Routing routing, PolicyBook book)
{
    internal const int MostLines = 200;

    /// What is tried: a line is a SKU and how many, one if nothing else is said; a version of the policy, or the one in force.
    public sealed record Ask(ChannelCode Channel, string Country, string? Postcode, string Lines, int? Version);

    /// What came of it, and from whom each line would come.
    public sealed record Answer(RoutedOrder Routed, IReadOnlyList<Named> Lines, InForce<Sourcing> Policy, Money Value)
    {
        public Route Route => Routed.Route;
    }

    public readonly record struct Named(int Line, Sku Sku, string Name, Quantity Quantity, Sku? Kit);

    public IReadOnlyList<PolicyVersion> Versions { get; private set; } = [];

    public async Task<Result<Answer>> Try(Ask ask, CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Channels.TryGetValue(ask.Channel, out var channel) || !db.Work.Actor.MayOn(ask.Channel)) return Drafting.NoChannel;
        var asked = Read(ask.Lines);
        if (!asked.Ok) return asked.Error!;
        var kits = await KitBook.Of(settings, ct);
        Sku[] skus = [.. asked.Value.Select(l => l.Sku).Concat(asked.Value.Where(l => kits.IsVirtual(l.Sku)).SelectMany(l => kits.PartsOf(l.Sku)).Select(p => p.Sku)).Distinct()];
        var products = catalog.Ask(skus);
        var prices = pricing.Ask([ask.Channel], skus);
        var policy = await PolicyOf(ask.Version, ct);
        if (!policy.Ok) return policy.Error!;
        var ground = await routing.Survey(skus, channel.Nodes, policy: policy.Value, ct: ct);
        await db.Flush(ct);
        if (asked.Value.FirstOrDefault(l => !products.Value.ContainsKey(l.Sku)) is { Sku.Text.Length: > 0 } nobody) return Drafting.NoSku.With($"There is no product {nobody.Sku}. Look at the line again.");

        var (lines, names, value) = (new List<DemandLine>(), new List<Named>(), Money.Zero(channel.Currency));
        foreach (var (sku, quantity) in asked.Value)
        {
            var own = products.Value[sku].Sku;
            if (prices.Value.Find(ask.Channel, own, quantity, channel.Currency) is { } list) value += list.Price.Times(quantity);
            if (!kits.IsVirtual(own)) Add(own, quantity, null, null);
            else
            {
                var kit = lines.Count + 1_000;
                foreach (var part in kits.PartsOf(own)) Add(part.Sku, part.Quantity.Times(quantity), new KitShare(kit, own, part.Quantity), own);
            }
        }

        var routed = RoutedOrder.Of(ground, channel, new PostalAddressOf(ask.Country.ToUpperInvariant(), ask.Postcode), value, null, db.Now, lines, products.Value)!;
        return new Answer(routed, names, policy.Value, value);

        void Add(Sku sku, Quantity quantity, KitShare? kit, Sku? of)
        {
            lines.Add(new DemandLine(lines.Count + 1, sku, quantity, kit));
            names.Add(new Named(lines.Count, sku, products.Value.GetValueOrDefault(sku)?.Name ?? sku.Text, quantity, of));
        }
    }

    private async Task<Result<InForce<Sourcing>>> PolicyOf(int? version, CancellationToken ct)
    {
        var shelf = (await book.Load(Sourcing.Kind, ct))!;
        Versions = shelf.Versions;
        var chosen = version is null ? shelf.InForce : Versions.FirstOrDefault(v => v.Version == version);
        if (chosen is not null) return new InForce<Sourcing>(System.Text.Json.JsonSerializer.Deserialize<Sourcing>(chosen.Choice, KeelJson.Options)!, chosen.Version, chosen.Owner);
        return version is null or 0 ? new InForce<Sourcing>(Sourcing.AsDelivered, 0, "Keel") : Error.NotFound("routing.no-version", "There is no such version of the policy. Choose one of the list.");
    }

    /// One line each: `MUG-BL 2`, `BOWL; 3` or `CANDLE`.
    internal static Result<IReadOnlyList<(Sku Sku, Quantity Quantity)>> Read(string text)
    {
        var lines = new List<(Sku, Quantity)>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split([' ', '\t', ';', ','], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var quantity = 1m;
            if (parts.Length > 1 && !decimal.TryParse(parts[1].TrimStart('×', 'x', ' '), System.Globalization.CultureInfo.InvariantCulture, out quantity) || quantity is <= 0 or > 1_000_000)
                return Error.Invalid("routing.line", T($"The line {line} is not a SKU and how many. Write one line each, such as MUG-BL 2."));
            if (!Code.TryParse<Sku>(parts[0], out var sku)) return Error.Invalid("routing.line", T($"{parts[0]} cannot be a SKU."));
            lines.Add((sku, Quantity.Of(quantity)));
        }

        if (lines.Count == 0) return Error.Invalid("routing.nothing", T("Write at least one line: a SKU and how many."));
        if (lines.Count > MostLines) return Error.Invalid("routing.too-long", T($"{MostLines} lines at most can be tried at once."));
        return lines;
    }
}
