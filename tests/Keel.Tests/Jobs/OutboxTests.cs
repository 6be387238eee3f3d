using System.Collections.Concurrent;
using Keel.App;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Keel.Tests.Jobs;

public class OutboxTests
{
    [Fact, Feature("CH-12")]
    public async Task Letters_of_a_subject_arrive_in_order_and_a_dead_one_blocks_only_its_own()
    {
        await using var house = await PostOffice.Open();
        await house.Send(("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3));
        house.Fails = letter => letter is { To: "a", Number: 2 };

        for (var i = 0; i < 12; i++)
        {
            await house.Outbox.Drain();
            house.Clock.Step(TimeSpan.FromHours(2));
        }

        house.Arrived("a").ShouldBe([1]);
        house.Arrived("b").ShouldBe([1, 2]);
        (await house.Number("select count(*) from kernel.outbox where state = 'Dead' and attempts = 10 and problem like '%will not%'")).ShouldBe(1);

        house.Fails = _ => false;
        var again = await house.Gate.Run<ReplayDeadLetters, ReplayDeadLetters.Request, int>(new(), Caller.Keel(house.Company));
        await house.Outbox.Drain();

        again.Value.ShouldBe(1);
        house.Arrived("a").ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_failed_letter_is_tried_again_after_a_while()
    {
        await using var house = await PostOffice.Open();
        await house.Send(("a", 1));
        house.Fails = _ => true;
        await house.Outbox.Drain();
        house.Fails = _ => false;

        var atOnce = await house.Outbox.Drain();
        house.Clock.Step(TimeSpan.FromSeconds(6));
        var later = await house.Outbox.Drain();

        (atOnce, later).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Two_nodes_share_the_work_and_deliver_each_letter_once()
    {
        await using var house = await PostOffice.Open();
        await house.Send([.. Enumerable.Range(0, 400).Select(i => ($"s{i % 40}", i))]);
        var other = house.OtherNode();

        var delivered = await Task.WhenAll(house.Outbox.Drain(), other.Drain());

        delivered.Sum().ShouldBe(400);
        house.All.Count.ShouldBe(400);
        house.Arrived("s7").ShouldBe([.. Enumerable.Range(0, 10).Select(i => 7 + (40 * i))]);
    }
}

/// A house with one more module, whose letters can be made to fail.
internal sealed class PostOffice : IAsyncDisposable
{
    private readonly string database;
    private readonly NpgsqlDataSource source;
    private readonly ServiceProvider services;
    private readonly ConcurrentQueue<Letter> arrived = new();

    private PostOffice(string database)
    {
        this.database = database;
        source = Composition.DataSource(database);
        services = Build();
    }

    public SteppedClock Clock { get; } = new(Shop.Morning);
    public Func<Letter, bool> Fails { get; set; } = _ => false;
    public Id<Company> Company { get; private set; }
    public Gate Gate => services.GetRequiredService<Gate>();
    public OutboxDispatcher Outbox => services.GetRequiredService<OutboxDispatcher>();
    public IReadOnlyCollection<Letter> All => arrived;

    public static async Task<PostOffice> Open()
    {
        var house = new PostOffice(await TestDatabases.Take());
        await using var find = house.source.CreateCommand("select id from kernel.company where code = 'harbour'");
        house.Company = new Id<Company>((Guid)(await find.ExecuteScalarAsync())!);
        return house;
    }

    public async Task Send(params (string To, int Number)[] letters)
    {
        var sent = await Gate.Run<SendLetters, SendLetters.Request, Done>(new([.. letters.Select(l => new Letter(l.To, l.Number))]), Caller.Keel(Company));
        sent.Ok.ShouldBeTrue();
    }

    public int[] Arrived(string to) => [.. arrived.Where(l => l.To == to).Select(l => l.Number)];

    public OutboxDispatcher OtherNode() => Build().GetRequiredService<OutboxDispatcher>();

    public void Take(Letter letter)
    {
        if (Fails(letter)) throw new IOException("The receiver will not have it.");
        arrived.Enqueue(letter);
    }

    /// How deliveries went, as the page of deliveries shows it.
    public async Task<string> Health()
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        (db.Work.Company, db.Work.Actor, db.Work.Now) = (Company, Actor.Keel, Clock.GetUtcNow());
        var rows = await db.Query<DeliveryList.Row>(new DeliveryList(db).Rows(), default);
        return string.Join("; ", rows.Select(r => FormattableString.Invariant($"{r.Deliverer}: {r.State}, {r.Waiting} wait, {r.Delivered} arrived, {r.Failed} failed ({r.FailedShare} %), {r.Problem}")));
    }

    public async Task<long> Number(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await source.DisposeAsync();
        await TestDatabases.Drop(database);
    }

    private ServiceProvider Build()
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton(this);
        collection.AddKeel(source, Clock, [.. KeelModules.All, new PostModule()]);
        return collection.BuildServiceProvider();
    }

    internal sealed record Letter(string To, int Number) : IDelivered
    {
        public string Subject => To;
    }

    internal sealed class PostModule : IModule
    {
        public void Describe(ModuleContents contents) => contents.Operation<SendLetters>().Handles<TakeLetters>();
    }

    [Operation("post.send-letters", "post.send")]
    internal sealed class SendLetters(KeelDb db) : IOperation<SendLetters.Request, Done>
    {
        public sealed record Request(IReadOnlyList<Letter> Letters);

        public Task<Result<Done>> Run(Request request, CancellationToken ct)
        {
            foreach (var letter in request.Letters) db.Raise(letter);
            return Task.FromResult<Result<Done>>(Done.It);
        }
    }

    internal sealed class TakeLetters(PostOffice house) : IDeliver<Letter>
    {
        public Task Deliver(Letter happened, CancellationToken ct)
        {
            house.Take(happened);
            return Task.CompletedTask;
        }
    }
}
