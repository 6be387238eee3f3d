using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Changes what a channel is called, which sites serve it and in which order, its priority and who owns it. What was promised already stays; its kind, currency and taxation stay as they were opened.
[Operation("kernel.change-channel", KernelPermissions.Network, ChangesSettings = true, Said = "changed the channel", Icon = "channels")]
internal sealed class ChangeChannel(KeelDb db, Settings settings) : IOperation<ChangeChannel.Request, Done>
{
    public sealed record Request(ChannelCode Code, [Required, MaxLength(100)] string Name, [MinLength(1), MaxLength(50)] IReadOnlyList<NodeCode> Nodes, int Priority, [Required, MaxLength(60)] string Owner);

    public static readonly Error NotThere = Error.NotFound("channel.not-there", "There is no such channel in this company.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Channels.TryGetValue(request.Code, out var was)) return NotThere;
        if (!request.Nodes.All(network.Sites.ContainsKey)) return CreateChannel.NoSite;
        var channel = was with { Name = request.Name.Trim(), Nodes = [.. request.Nodes.Distinct()], Priority = request.Priority, Owner = request.Owner.Trim() };
        db.Work.Concerns(request.Code.Text);
        db.Work.Changed("channel", request.Code.Text, was, channel);
        db.Table<Channel>().Update([channel], nameof(Channel.Name), nameof(Channel.Nodes), nameof(Channel.Priority), nameof(Channel.Owner));
        return Done.It;
    }
}
