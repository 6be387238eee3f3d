namespace Keel.Kernel;

/// How far somebody's work goes: the sites and the channels that are theirs; null means all of them.
public sealed record Reach(IReadOnlyCollection<string>? Nodes, IReadOnlyCollection<string>? Channels)
{
    public static readonly Reach Everywhere = new(null, null);

    public bool IsLimited => Nodes is not null || Channels is not null;

    /// What stands at no site is within everybody's reach.
    public bool Covers(NodeCode node) => Nodes is null || node.Text.Length == 0 || Nodes.Contains(node.Text);

    /// What belongs to no channel is within everybody's reach.
    public bool Covers(ChannelCode channel) => Channels is null || channel.Text.Length == 0 || Channels.Contains(channel.Text);

    /// The condition that rows are within reach, by the names of their columns: ` and (…)`, or nothing for who is not limited.
    public SqlText And(string? node = null, string? channel = null)
    {
        var sql = new SqlText();
        foreach (var (column, own) in Asked(node, channel)) sql.Words(" and ").Append(Holds(column, own));
        return sql;
    }

    /// The same the other way round, for one document: true where it is out of reach.
    internal SqlText Beyond(string? node, string? channel)
    {
        var sql = new SqlText().Words("not (true");
        foreach (var (column, own) in Asked(node, channel)) sql.Words(" and ").Append(Holds(column, own));
        return sql.Words(")");
    }

    /// Whether documents with these columns can be out of reach at all.
    internal bool Limits(string? node, string? channel) => Asked(node, channel).Any();

    internal static SqlText Holds(string column, IReadOnlyCollection<string> own) =>
        new SqlText().Words($"({column} is null or {column} = any(").Append($"{own.Append("").ToArray()}").Words("))");

    private IEnumerable<(string Column, IReadOnlyCollection<string> Own)> Asked(string? node, string? channel)
    {
        if (node is not null && Nodes is not null) yield return (node, Nodes);
        if (channel is not null && Channels is not null) yield return (channel, Channels);
    }
}
