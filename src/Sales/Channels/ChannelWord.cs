using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Sales;

/// What a channel's word for the state of an order means for us.
public enum WordMeans
{
    /// The order is final: it is taken, and goes on where it waited.
    [Shown(StateRole.Ready, "Take it")]
    Take,

    /// It is not final yet: it is taken and stopped until the channel says that it is.
    [Shown(StateRole.Waiting, "Wait")]
    Wait,

    /// The customer asks for its cancellation: somebody decides.
    [Shown(StateRole.Held, "Cancellation asked")]
    CancelAsked,

    /// It is cancelled there: we cancel it too, where it has not left.
    [Shown(StateRole.Idle, "Cancelled")]
    Cancelled,

    /// It has left already: where we did not send it, somebody looks.
    [Shown(StateRole.Done, "Shipped")]
    Shipped,

    /// It is of no matter to us.
    [Shown(StateRole.Idle, "Nothing")]
    Nothing,
}

/// A word of a channel and what it means. Words are compared without regard to capitals.
[Rows("sales.channel_status", "company_id", "channel", "word")]
internal sealed record ChannelWord(Id<Company> CompanyId, ChannelCode Channel, string Word, WordMeans Means, DateTimeOffset ChangedAt, string ChangedBy, Guid Operation)
{
    public static string Plain(string word) => word.Trim().ToLowerInvariant();
}

/// The words of all channels of a company, kept in memory as settings are.
internal sealed class ChannelWords(IReadOnlyList<ChannelWord> words)
{
    private readonly Dictionary<(ChannelCode, string), WordMeans> means = words.ToDictionary(w => (w.Channel, w.Word), w => w.Means);

    public static Task<ChannelWords> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    /// What a word means; nothing where nobody said.
    public WordMeans? Of(ChannelCode channel, string word) => means.TryGetValue((channel, ChannelWord.Plain(word)), out var known) ? known : null;

    private static async Task<ChannelWords> Load(KeelDb db, CancellationToken ct) => new(await db.Table<ChannelWord>().Where($"company_id = {db.Company} order by channel, word", ct));
}

/// Says what the words of channels for the state of an order mean. Orders that were stopped because of a word go on by it.
[Operation("sales.set-channel-words", SalesPermissions.Channels, ChangesSettings = true, Said = "said what {words|a word of a channel} means", Icon = "channels")]
internal sealed class SetChannelWords(KeelDb db, Settings settings) : IOperation<SetChannelWords.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Item> Words);

    public sealed record Item(ChannelCode Channel, [Required, MaxLength(60), Display(Name = "The channel's word")] string Word, [Display(Name = "It means")] WordMeans Means);

    public static readonly Error NoChannel = Error.NotFound("channel-word.channel-unknown", "There is no such channel. Choose one of the list.");
    public static readonly Error Twice = Error.Invalid("channel-word.twice", "The list names this word twice. Name it once.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var known = (await db.Table<ChannelWord>().Where($"company_id = {db.Company}", ct)).ToDictionary(w => (w.Channel, w.Word));
        List<ChannelWord> fresh = [], changed = [];
        var seen = new HashSet<(ChannelCode, string)>();
        var answers = request.Words.Select(item =>
        {
            var word = new ChannelWord(db.Company, item.Channel, ChannelWord.Plain(item.Word), item.Means, db.Now, db.Work.Actor.Name, db.Work.Operation);
            var name = $"{word.Channel} {word.Word}";
            if (!network.Channels.ContainsKey(item.Channel)) return Saved.Refused(name, NoChannel.With($"There is no channel {item.Channel}. Choose one of the list."));
            db.Work.Actor.MustBeOn(item.Channel);
            if (!seen.Add((word.Channel, word.Word))) return Saved.Refused(name, Twice);
            var was = known.GetValueOrDefault((word.Channel, word.Word));
            if (was?.Means == word.Means) return new Saved(name, SavedAs.Unchanged);
            db.Work.Changed("channel word", name, was?.Means.Spoken, word.Means.Spoken);
            (was is null ? fresh : changed).Add(word);
            return new Saved(name, was is null ? SavedAs.Created : SavedAs.Changed);
        }).ToArray();
        db.Table<ChannelWord>().Insert(fresh);
        db.Table<ChannelWord>().Update(changed);
        foreach (var word in fresh.Concat(changed))
        {
            db.Work.Concerns(word.Channel.Text);
            db.Raise(new WordLearnt(word.Channel, word.Word));
        }

        return Saved.Answer(answers);
    }
}

/// Takes the meaning of words away: an order that comes with one of them is stopped until somebody says what it means.
[Operation("sales.drop-channel-words", SalesPermissions.Channels, ChangesSettings = true, Said = "took the meaning of {words|a word of a channel} away", Icon = "x")]
internal sealed class DropChannelWords(KeelDb db) : IOperation<DropChannelWords.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<string> Words);

    public static readonly Error Gone = Error.NotFound("channel-word.gone", "One of these is there no more. Load the page again.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var rows = (await db.Table<ChannelWord>().Where($"company_id = {db.Company} and channel || '/' || word = any({request.Words})", ct)).ToArray();
        if (rows.Length < request.Words.Distinct().Count()) return Gone;
        foreach (var row in rows)
        {
            db.Work.Actor.MustBeOn(row.Channel);
            db.Work.Changed("channel word", $"{row.Channel} {row.Word}", row.Means.Spoken, "none");
        }

        db.Table<ChannelWord>().Delete(rows);
        return Done.It;
    }
}

/// The words of channels with their meanings, and those that came and nobody knows.
[View("sales.channel-words", SalesPermissions.Read, Sort = "channel")]
internal sealed class ChannelWordList(KeelDb db) : IView<ChannelWordList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Channel code")] public required ChannelCode Channel { get; init; }
        [Title("Channel")] public required string ChannelName { get; init; }
        [Search, Title("The channel's word")] public required string Word { get; init; }
        [Title("It means", Empty = "not known")] public WordMeans? Means { get; init; }
        [Title("Orders that wait for it")] public required long Waiting { get; init; }
        [Title("Since")] public DateTimeOffset? ChangedAt { get; init; }
        [Title("By")] public string? ChangedBy { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select coalesce(w.channel, h.channel) || '/' || coalesce(w.word, h.word) as id, coalesce(w.channel, h.channel) as channel, coalesce(c.name, w.channel, h.channel) as channel_name, coalesce(w.word, h.word) as word,
          w.means, coalesce(h.orders, 0) as waiting, w.changed_at, w.changed_by
        from (select * from sales.channel_status where company_id = {db.Company}) w
        full join (
          select o.channel, lower(btrim(o.channel_status)) as word, count(*) as orders from sales.orders o
          where o.company_id = {db.Company} and o.status = 'OnHold' and o.hold = {Holds.UnknownStatus} and o.channel_status is not null group by 1, 2) h on h.channel = w.channel and h.word = w.word
        left join kernel.channel c on c.company_id = {db.Company} and c.code = coalesce(w.channel, h.channel)
        where true{db.Work.Actor.Reach.And(channel: "coalesce(w.channel, h.channel)")}
        """;
}
