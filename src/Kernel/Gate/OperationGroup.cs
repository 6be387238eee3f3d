namespace Keel.Kernel;

/// One request that waits in a group, and the promise to answer it.
internal sealed class GroupItem<TRequest>(OperationRun run, TRequest request)
{
    private readonly TaskCompletionSource<Outcome> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OperationRun Run => run;
    public TRequest Request => request;
    public Task<Outcome> Answered => answer.Task;

    public void Answer(Outcome outcome) => answer.TrySetResult(outcome);
    public void Fail(Exception broken) => answer.TrySetException(broken);
}

/// Requests that want the same rows. While one group is being flushed the next one gathers; nothing lingers.
internal sealed class OperationGroup<TRequest, TAnswer>(Func<IReadOnlyList<GroupItem<TRequest>>, CancellationToken, Task> run)
{
    private const int Most = 256;
    private readonly Lock door = new();
    private List<GroupItem<TRequest>> waiting = [];
    private bool running;

    public Task<Outcome> Add(OperationRun one, TRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var item = new GroupItem<TRequest>(one, request);
        lock (door)
        {
            waiting.Add(item);
            if (running) return item.Answered;
            running = true;
        }

        _ = Task.Run(Drain, CancellationToken.None);
        return item.Answered;
    }

    private async Task Drain()
    {
        while (true)
        {
            List<GroupItem<TRequest>> items;
            lock (door)
            {
                if (waiting.Count == 0) { running = false; return; }
                items = waiting.Count <= Most ? waiting : waiting[..Most];
                waiting = waiting.Count <= Most ? [] : waiting[Most..];
            }

            try
            {
                await run(items, CancellationToken.None);
            }
            catch (Exception broken)
            {
                foreach (var item in items) item.Fail(broken);
            }
        }
    }
}
