using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Opens a way to sell, and names the nodes that may serve it, the preferred one first.
[Operation("kernel.create-channel", KernelPermissions.Network, ChangesSettings = true, Said = "created the channel", Icon = "channels")]
internal sealed class CreateChannel(KeelDb db, Settings settings) : IOperation<CreateChannel.Request, Done>
{
    public sealed record Request(
        ChannelCode Code, [Required, MaxLength(100)] string Name, ChannelKind Kind, [MinLength(1), MaxLength(50)] IReadOnlyList<NodeCode> Nodes,
        Currency? Currency = null, bool PricesIncludeTax = true, int Priority = 100, [MaxLength(60)] string Owner = "channel manager");

    public static readonly Error Taken = new("channel.exists", "There is a channel with this code. Choose another code.");
    public static readonly Error NoSite = Error.NotFound("channel.site-unknown", "One of the nodes is not a site of this company. Create the site first.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (network.Channels.ContainsKey(request.Code)) return Taken;
        if (!request.Nodes.All(network.Sites.ContainsKey)) return NoSite;

        var channel = new Channel(
            db.Company, request.Code, request.Name, request.Kind, request.Currency ?? network.Company.Currency, request.PricesIncludeTax,
            [.. request.Nodes.Distinct()], request.Priority, request.Owner);
        db.Table<Channel>().Insert(channel);
        db.Work.Concerns(request.Code.Text);
        db.Work.Changed("channel", request.Code.Text, null, channel);
        return Done.It;
    }
}
