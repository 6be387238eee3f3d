using System.ComponentModel.DataAnnotations;

namespace Keel.Sales.Contract;

/// What an order costs beside its goods, by channel; without a channel, on all that are not named. Amounts are in the company's currency and without tax, percentages of what the customer pays, tax
/// included. A parcel's cost counts where no way to the customer says what it costs; a return's where goods come back, and before that in the share that comes back as a rule.
public sealed record ChannelCost(
    ChannelCode? Channel = null, [PerCent] decimal FeePercent = 0, [NotNegative] Money? FeeFixed = null, [PerCent] decimal PaymentPercent = 0, [NotNegative] Money? PaymentFixed = null,
    [NotNegative] Money? Parcel = null, [PerCent] decimal ReturnPercent = 0, [NotNegative] Money? Return = null);

/// A share between nothing and all.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class PerCentAttribute() : RangeAttribute(typeof(decimal), "0", "100")
{
    public override string FormatErrorMessage(string name) => "is between 0 and 100.";
}
