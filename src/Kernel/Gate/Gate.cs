using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Keel.Kernel;

/// The one gate behind every door: permission, shape, transaction, idempotency, the operation itself, its events, its line in the log.
/// Governance lives here, so no door can pass it by.
public sealed class Gate(IServiceScopeFactory scopes, ModuleCatalog catalog, TimeProvider clock, Crowd crowd, Triggers triggers, ILogger<Gate> log)
{
    private const int Attempts = 6;
    private const int EventRounds = 20;
    private static readonly ConcurrentDictionary<OperationInfo, Func<Gate, object, Caller, CancellationToken, Task<Outcome>>> Boxed = new();
    private readonly ConcurrentDictionary<(Type, Guid, string), object> groups = new();

    public static readonly Error NoPermission = new("gate.no-permission", "You may not do this here. Ask an administrator for the permission.", Refusal.Forbidden);
    public static readonly Error OtherPayload = new("gate.idempotency-key-reused", "This idempotency key was used for another request. Use a new key, or send the first request unchanged.");
    public static readonly Error SaidOnce = new("gate.said-once", "This was done before under the same idempotency key. Its answer holds a secret, which is said only once.");
    public static readonly Error TooLarge = Error.Invalid("gate.too-large", "The figures of this request grow too large together. Send smaller ones, or split the request.");
    public static readonly Error NotStorable = Error.Invalid("gate.not-storable", "A value of this request does not fit where it is kept. Send a shorter or plainer one.");
    public static readonly Error CardNumber = Error.Invalid("gate.card-number", "The request holds the number of a card. Nothing of it was kept. Send the token or the reference that the payment service gave for it.");
    public static readonly Error NotPlanned = Error.Invalid("gate.not-planned", "This cannot be planned for later: only changes of master data can. Do it when it is due.");
    public static readonly Error Busy = new("gate.busy", "Others are changing the same rows. Nothing was changed; try again.");

    /// Runs an operation whose type is known.
    public async Task<Result<TAnswer>> Run<TOperation, TRequest, TAnswer>(TRequest request, Caller caller, CancellationToken ct = default)
        where TRequest : notnull
    {
        var outcome = await Run(catalog.Of(typeof(TOperation)), request, caller, ct);
        return outcome switch
        {
            { Error: { } error } => error,
            { Waiting: { } waiting } => waiting,
            _ => (TAnswer)outcome.Answer!,
        };
    }

    /// Runs an operation that a door found by its name.
    /// Behind the gate English is spoken whatever the page's language: what is written down is the same for everybody.
    public async Task<Outcome> Run(OperationInfo info, object request, Caller caller, CancellationToken ct = default)
    {
        Words.Speak(Words.English);
        var outcome = await Boxed.GetOrAdd(info, Bind)(this, request, caller, ct);
        RunTally.Ran(outcome.Error is not null);
        return outcome;
    }

    private static Func<Gate, object, Caller, CancellationToken, Task<Outcome>> Bind(OperationInfo info)
    {
        var method = typeof(Gate).GetMethod(info.Grouped ? nameof(RunGrouped) : nameof(RunOne), BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(info.Type, info.Request, info.Answer);
        var gate = Expression.Parameter(typeof(Gate));
        var request = Expression.Parameter(typeof(object));
        var caller = Expression.Parameter(typeof(Caller));
        var ct = Expression.Parameter(typeof(CancellationToken));
        var call = Expression.Call(gate, method, Expression.Constant(info), Expression.Convert(request, info.Request), caller, ct);
        return Expression.Lambda<Func<Gate, object, Caller, CancellationToken, Task<Outcome>>>(call, gate, request, caller, ct).Compile();
    }

    private static Error NotAt(Caller caller, string place) => NoPermission.With($"{caller.Actor.Name} may not act at {place}. Ask an administrator for the site or channel, or leave it to somebody who works there.");

    private static Error NotOn(Caller caller, Scopes.Foreign document) =>
        NoPermission.With($"{caller.Actor.Name} may not work on this {document.Kind.Replace('-', ' ')}: it belongs to {document.Place}. Ask an administrator for the site or channel, or leave it to somebody who works there.");

    private static Error? Check(OperationInfo info, object request, Caller caller)
    {
        if (!caller.Actor.May(info.Permission) || (!info.Global && !caller.Actor.MayIn(caller.Company))) return NoPermission.With($"{caller.Actor.Name} may not {info.Title.ToLowerInvariant()}. It needs the permission {info.Permission}.");
        if (caller.Actor.Reach.IsLimited && RequestShape.BeyondIn(request, caller.Actor) is { } place) return NotAt(caller, place);
        if (caller.From is not null && (info.Domain is null || !info.MayWait)) return NotPlanned;
        var fields = RequestShape.Check(request);
        if (fields.Find(f => f.Message == NoCardNumberAttribute.Words) is { } card) return CardNumber.With($"{card.Field} {card.Message}") with { Fields = [.. fields] };
        return fields.Count == 0 ? null : Error.Invalid("gate.invalid", fields.Count == 1 ? $"{fields[0].Field} {fields[0].Message}" : $"{fields.Count} fields need mending.", [.. fields]);
    }

    private async Task<Outcome> RunOne<TOperation, TRequest, TAnswer>(OperationInfo info, TRequest request, Caller caller, CancellationToken ct)
        where TOperation : IOperation<TRequest, TAnswer> where TRequest : notnull
    {
        var run = new OperationRun(info, caller, clock.GetTimestamp());
        if (Check(info, request, caller) is { } refused)
        {
            // Who may not do it is written down, but never with the number of a card.
            if (refused.Kind is Refusal.Forbidden) await LogRefusal(run, refused, RequestShape.Check(request).Exists(f => f.Message == NoCardNumberAttribute.Words) ? null : request);
            return run.Refused(refused);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Attempt<TOperation, TRequest, TAnswer>(run, request, ct);
            }
            catch (AlreadyAsked)
            {
                return await Replay<TAnswer>(run, request, ct);
            }
            catch (PostgresException race) when (IsRace(race))
            {
                if (attempt == Attempts)
                {
                    log.LogWarning(race, "{Operation} gave up after {Attempts} attempts", info.Name, attempt);
                    return run.Refused(Busy);
                }

                await Task.Delay(Random.Shared.Next(2, 10 * attempt), ct);
            }
            catch (OverflowException)
            {
                return run.Refused(TooLarge);
            }
            catch (BeginAgain) when (!run.Cautious)
            {
                run.Cautious = true;
            }
            catch (OutOfReach far)
            {
                var there = NotAt(caller, far.Place);
                await LogRefusal(run, there, request);
                return run.Refused(there);
            }
            catch (PostgresException unfit) when (unfit.SqlState.StartsWith("22", StringComparison.Ordinal))
            {
                log.LogWarning(unfit, "{Operation} was given what the database does not take", info.Name);
                return run.Refused(NotStorable);
            }
        }
    }

    private async Task<Outcome> Attempt<TOperation, TRequest, TAnswer>(OperationRun run, TRequest request, CancellationToken ct)
        where TOperation : IOperation<TRequest, TAnswer> where TRequest : notnull
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Open(scope, run);
        var operation = scope.ServiceProvider.GetRequiredService<TOperation>();
        using var place = operation is IContended<TRequest> contended ? await crowd.Enter(contended.KeysOf(request), ct) : null;

        db.Begin();
        scope.ServiceProvider.GetRequiredService<Settings>().QueueStamp();
        var payload = run.Info.Secret ? null : new Payload(request, db.Work);
        if (run.Caller.IdempotencyKey is { } key) Idempotency.QueueClaim(db, run, key, Idempotency.DigestOf(run, request));
        if (run.Caller.Actor.Reach.IsLimited && await scope.ServiceProvider.GetRequiredService<Scopes>().In(request, ct) is { } foreign)
        {
            await db.Rollback();
            var there = NotOn(run.Caller, foreign);
            await LogRefusal(run, there, request);
            return run.Refused(there);
        }

        // Whether a choice of policies needs a yes is decided by what held before it.
        if (run.Info.ChangesSettings && operation is IAssess<TRequest, TAnswer>) await scope.ServiceProvider.GetRequiredService<Policies>().Of<ApprovalPolicy>(ct);

        var logged = false;
        db.BeforeContention = () => { OperationLog.QueueDone(db, run, payload, clock); logged = db.Work.IsLogged = true; };

        var each = operation as IAssessEach<TRequest, TAnswer>;
        var parts = run.Held.Count > 0 ? each!.Parts(request) : [];
        TRequest[] rest = [.. parts.Where((_, i) => !run.Held.ContainsKey(i))];
        var result = run.Held.Count == 0 ? await operation.Run(request, ct)
            : rest.Length > 0 ? await operation.Run(each!.Only(request, rest), ct) : Result.Of(each!.With(default, []));
        if (!result.Ok)
        {
            await db.Rollback();
            if (result.Error is { } refusal)
            {
                await LogRefusal(run, refusal, request);
                return run.Refused(refusal);
            }

            return run.Waits(result.Waiting!);
        }

        if (await scope.ServiceProvider.GetRequiredService<Duties>().Check(run.Info, run.Caller.Actor, ct) is { } apart)
        {
            await db.Rollback();
            await LogRefusal(run, apart, request);
            return run.Refused(apart);
        }

        await Tell(scope.ServiceProvider, db, ct);
        if (run.Caller.DryRun) await Foretell(run, scope.ServiceProvider, db, ct);
        if (each is not null && !run.Caller.IsHouse && run.Caller.Approval is null && (parts.Count > 0 || each.Parts(request).Count > 1))
        {
            var approvals = scope.ServiceProvider.GetRequiredService<Approvals>();
            if (await Hold(run, each, approvals, request, result.Value, ct))
            {
                await db.Rollback();
                return await Attempt<TOperation, TRequest, TAnswer>(run, request, ct);
            }

            var waiting = new List<(TRequest, string)>();
            foreach (var (at, asked) in run.Held) waiting.Add((parts[at], (await approvals.Ask(run, parts[at], asked, ct)).Sentence));
            if (waiting.Count > 0) result = Result.Of(each.With(result.Value, waiting));
        }
        else if (operation is IAssess<TRequest, TAnswer> assessed && (!run.Caller.IsHouse || run.Caller.From is not null || run.Caller.Approval is not null))
        {
            var check = await scope.ServiceProvider.GetRequiredService<Approvals>().Check(
                run.Info, run.Caller, request, () => assessed.Assess(request, result.Value, ct), ct, operation is IMayNeedYes<TRequest> own ? () => own.MayNeedYes(request, ct) : null);
            if (!check.Ok || check.Value is not null) await db.Rollback();
            if (check.Error is { } spent) return run.Refused(spent);
            if (check.Value is { } asked) return await Ask(run, operation is INarrow<TRequest> narrows ? narrows.Narrow(request) : request, asked, ct);
        }

        if (run.Info.Domain is not null) scope.ServiceProvider.GetRequiredService<MasterDesk>().QueueOvertaken(run.Caller.Approval);

        foreach (var after in scope.ServiceProvider.GetServices<IAfterOperation>()) await after.Look(run.Info, ct);
        await Tell(scope.ServiceProvider, db, ct);
        if (!logged) db.BeforeContention?.Invoke();
        OperationItems.Queue(db, result.Value);
        if (run.Info.ChangesSettings) Settings.Raise(db);
        if (run.Caller.IdempotencyKey is { } used) Idempotency.QueueAnswer(db, run, used, run.Info.Secret ? null : result.Value);
        if (run.Caller.DryRun)
        {
            db.QueueGathered();
            await db.Flush(ct);
            await db.Rollback();
        }
        else
        {
            await db.Commit(ct);
        }

        return run.Answered(result.Value);
    }

    /// Writes what is left to write, so that the database has its say, and puts into words what was written.
    private static async Task Foretell(OperationRun run, IServiceProvider services, KeelDb db, CancellationToken ct)
    {
        db.QueueGathered();
        await db.Flush(ct);
        var told = new List<Foretold>();
        foreach (var module in services.GetServices<IForetell>()) told.AddRange(await module.Tell(db.Work.Made!, ct));
        run.Foretold = told;
    }

    /// Finds the parts that need a yes and were not held yet; true where there are some, and the rest has to run again without them.
    private static async Task<bool> Hold<TRequest, TAnswer>(OperationRun run, IAssessEach<TRequest, TAnswer> each, Approvals approvals, TRequest request, TAnswer answer, CancellationToken ct)
        where TRequest : notnull
    {
        var before = run.Held.Count;
        foreach (var (at, part) in each.Parts(request).Index().Where(p => !run.Held.ContainsKey(p.Index)).ToArray())
        {
            var asked = await approvals.Check(run.Info, run.Caller, part, () => each.Assess(part, each.AnswerOf(answer, part), ct), ct);
            if (asked.Value is { } why) run.Held[at] = why;
        }

        return run.Held.Count > before;
    }

    /// Nothing of what was done stays; the request waits, and its key says so from now on.
    private async Task<Outcome> Ask(OperationRun run, object request, Asked asked, CancellationToken ct)
    {
        if (run.Caller.DryRun) return run.Waits(new Pending(Guid.Empty, asked.WouldWait) { Effect = asked.Effect });
        await using var scope = scopes.CreateAsyncScope();
        var db = Open(scope, run);
        db.Begin();
        if (run.Caller.IdempotencyKey is { } key) Idempotency.QueueClaim(db, run, key, Idempotency.DigestOf(run, request));
        var pending = await scope.ServiceProvider.GetRequiredService<Approvals>().Ask(run, request, asked, ct);
        await Tell(scope.ServiceProvider, db, ct);
        if (run.Caller.IdempotencyKey is { } used) Idempotency.QueueWaiting(db, run, used, pending);
        OperationLog.QueueWaiting(db, run, pending, new Payload(request, db.Work), clock);
        await db.Commit(ct);
        return run.Waits(pending);
    }

    private async Task<Outcome> RunGrouped<TOperation, TRequest, TAnswer>(OperationInfo info, TRequest request, Caller caller, CancellationToken ct)
        where TOperation : class, IGroupedOperation<TRequest, TAnswer> where TRequest : notnull
    {
        var run = new OperationRun(info, caller, clock.GetTimestamp());
        if (Check(info, request, caller) is { } refused) return run.Refused(refused);
        // Who is limited is not put together with others: what one may not touch must not stop them.
        var limited = caller.Actor.Reach.IsLimited ? caller.Actor.Id.ToString() : "";
        string key;
        await using (var scope = scopes.CreateAsyncScope()) key = scope.ServiceProvider.GetRequiredService<TOperation>().GroupOf(request);
        var group = (OperationGroup<TRequest, TAnswer>)groups.GetOrAdd((typeof(TOperation), caller.Company.Value, key + (caller.DryRun ? "?" : "") + caller.At?.UtcTicks + limited),
            static (_, gate) => new OperationGroup<TRequest, TAnswer>((items, token) => gate.RunGroup<TOperation, TRequest, TAnswer>(items, token)), this);
        return await group.Add(run, request, ct);
    }

    private async Task RunGroup<TOperation, TRequest, TAnswer>(IReadOnlyList<GroupItem<TRequest>> items, CancellationToken ct)
        where TOperation : class, IGroupedOperation<TRequest, TAnswer> where TRequest : notnull
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = Open(scope, items[0].Run);
                db.Begin();
                scope.ServiceProvider.GetRequiredService<Settings>().QueueStamp();
                var fresh = await Idempotency.ClaimAll(db, items, ct);
                var results = await scope.ServiceProvider.GetRequiredService<TOperation>().Run([.. fresh.Select(i => i.Request)], ct);
                await Tell(scope.ServiceProvider, db, ct);
                var done = fresh.Zip(results).Where(p => p.Second.Ok).ToArray();
                OperationLog.QueueDone(db, [.. done.Select(p => (p.First.Run, (object)p.First.Request))], clock);
                foreach (var (item, result) in done)
                {
                    if (item.Run.Caller.IdempotencyKey is { } key) Idempotency.QueueAnswer(db, item.Run, key, result.Value);
                }

                if (items[0].Run.Caller.DryRun) { db.QueueGathered(); await db.Flush(ct); await db.Rollback(); }
                else await db.Commit(ct);
                foreach (var (item, result) in fresh.Zip(results)) item.Answer(result.Ok ? item.Run.Answered(result.Value) : item.Run.Refused(result.Error));
                foreach (var again in items.Except(fresh)) again.Answer(await Replay<TAnswer>(again.Run, again.Request, ct));
                return;
            }
            catch (PostgresException race) when (IsRace(race) && attempt < Attempts)
            {
                await Task.Delay(Random.Shared.Next(2, 10 * attempt), ct);
            }
        }
    }

    private KeelDb Open(AsyncServiceScope scope, OperationRun run)
    {
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        work.Company = run.Caller.Company;
        work.Actor = run.Caller.Actor;
        work.Door = run.Caller.Door;
        work.Now = run.Caller.At ?? clock.GetUtcNow();
        (work.Cause, work.Rows, work.ApprovedBy) = (run.Caller.Cause, run.Caller.Rows, run.Caller.ApprovedBy);
        work.Cautious = run.Cautious;
        work.Made = run.Caller.DryRun ? new Made() : null;
        work.Operation = run.Id = Guid.CreateVersion7(work.Now);
        return scope.ServiceProvider.GetRequiredService<KeelDb>();
    }

    private async Task Tell(IServiceProvider services, KeelDb db, CancellationToken ct)
    {
        for (var round = 0; db.Work.Raised.Count > 0; round++)
        {
            if (round == EventRounds) throw new InvariantBroken($"Events caused events {EventRounds} times in one operation: {db.Work.Raised.Peek().GetType().Name} goes round in a circle.");
            for (var left = db.Work.Raised.Count; left > 0; left--)
            {
                var happened = db.Work.Raised.Dequeue();
                foreach (var type in catalog.HandlersOf(happened.GetType()))
                {
                    await EventCall.Handle(services.GetRequiredService(type), happened, ct);
                }

                foreach (var type in catalog.DeliverersOf(happened.GetType())) Outbox.Queue(db, happened, type);
                triggers.Keep(db, happened);
            }
        }
    }

    private async Task<Outcome> Replay<TAnswer>(OperationRun run, object request, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var stored = await Idempotency.Stored<TAnswer>(Open(scope, run), run, Idempotency.DigestOf(run, request), ct);
        if (stored.Waiting is { } waiting) return run.Waits(waiting) with { Replayed = true };
        return stored.Ok ? run.Answered(stored.Value) with { Replayed = true } : run.Refused(stored.Error!);
    }

    /// Writes down that a door turned somebody away before it had a request, such as from an import of rows that they may not write.
    public Task TurnAway(OperationInfo info, Caller caller, Error why) => LogRefusal(new OperationRun(info, caller, clock.GetTimestamp()), why, null);

    private async Task LogRefusal(OperationRun run, Error refusal, object? request)
    {
        if (run.Caller.DryRun) return;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = Open(scope, run);
            db.Begin();
            OperationLog.QueueRefused(db, run, refusal, run.Info.Secret || request is null ? null : new Payload(request, db.Work), clock);
            await db.Commit(CancellationToken.None);
        }
        catch (NpgsqlException broken)
        {
            log.LogWarning(broken, "The refusal of {Operation} could not be logged", run.Info.Name);
        }
    }

    /// A race that somebody else won: run again in a fresh scope.
    private static bool IsRace(PostgresException e) => e.SqlState is
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.LockNotAvailable;
}

/// Calls the handler of an event whose type is known only when it happens.
internal static class EventCall
{
    private static readonly ConcurrentDictionary<(Type, Type), Func<object, IEvent, CancellationToken, Task>> Calls = new();

    public static Task Handle(object handler, IEvent happened, CancellationToken ct) => Call(handler, happened, typeof(IHandle<>), "Handle", ct);

    public static Task Deliver(object handler, IEvent happened, CancellationToken ct) => Call(handler, happened, typeof(IDeliver<>), "Deliver", ct);

    private static Task Call(object handler, IEvent happened, Type contract, string method, CancellationToken ct) =>
        Calls.GetOrAdd((handler.GetType(), happened.GetType()), key =>
        {
            var closed = contract.MakeGenericType(key.Item2);
            var (target, argument, token) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(IEvent)), Expression.Parameter(typeof(CancellationToken)));
            var call = Expression.Call(Expression.Convert(target, closed), closed.GetMethod(method)!, Expression.Convert(argument, key.Item2), token);
            return Expression.Lambda<Func<object, IEvent, CancellationToken, Task>>(call, target, argument, token).Compile();
        })(handler, happened, ct);
}
