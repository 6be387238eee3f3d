namespace Keel.Kernel;

/// Keeps crowds away from contended rows: for each key at most a few writers run at a time, the others wait here, outside the
/// database and in order. Keys that nobody else wants cost next to nothing.
public sealed class Crowd
{
    private const int Writers = 4;
    private readonly Dictionary<string, Slot> slots = [];
    private readonly Lock door = new();

    internal async Task<IDisposable> Enter(IEnumerable<string> keys, CancellationToken ct)
    {
        var place = new Place(this);
        foreach (var key in keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Task? turn = null;
            lock (door)
            {
                if (!slots.TryGetValue(key, out var slot)) slots[key] = slot = new Slot();
                if (slot.Running < Writers)
                {
                    slot.Running++;
                }
                else
                {
                    var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    slot.Waiting.Enqueue(waiter);
                    turn = waiter.Task;
                }
            }

            if (turn is not null) await turn;
            place.Keys.Add(key);
            if (!ct.IsCancellationRequested) continue;
            place.Dispose();
            ct.ThrowIfCancellationRequested();
        }

        return place;
    }

    private void Leave(string key)
    {
        lock (door)
        {
            var slot = slots[key];
            if (slot.Waiting.TryDequeue(out var next)) next.SetResult();
            else if (--slot.Running == 0) slots.Remove(key);
        }
    }

    private sealed class Slot
    {
        public int Running { get; set; }
        public Queue<TaskCompletionSource> Waiting { get; } = new();
    }

    private sealed class Place(Crowd crowd) : IDisposable
    {
        public List<string> Keys { get; } = [];

        public void Dispose()
        {
            foreach (var key in Keys) crowd.Leave(key);
            Keys.Clear();
        }
    }
}
