using Npgsql;

namespace Keel.Kernel;

/// The numbers that people know documents by: SO-2026-000123. Taken in blocks outside the transaction, so that nobody waits for anybody:
/// a number may be missing, none comes twice. Invoices have a numberer of their own without gaps.
public sealed class DocumentNumbers(NpgsqlDataSource source)
{
    private const int Block = 200;
    private readonly Dictionary<(Guid, string), (long Next, long End)> blocks = [];
    private readonly SemaphoreSlim door = new(1);

    /// The next numbers of a series in a year.
    public async Task<string[]> Take(Id<Company> company, string series, int year, int count, CancellationToken ct = default)
    {
        var name = $"{series}-{year}";
        var numbers = new string[count];
        await door.WaitAsync(ct);
        try
        {
            for (var i = 0; i < count; i++)
            {
                if (!blocks.TryGetValue((company.Value, name), out var block) || block.Next >= block.End) block = await NextBlock(company, name, Math.Max(Block, count - i), ct);
                numbers[i] = $"{name}-{block.Next:D6}";
                blocks[(company.Value, name)] = (block.Next + 1, block.End);
            }
        }
        finally
        {
            door.Release();
        }

        return numbers;
    }

    public async Task<string> Take(Id<Company> company, string series, int year, CancellationToken ct = default) => (await Take(company, series, year, 1, ct))[0];

    private async Task<(long Next, long End)> NextBlock(Id<Company> company, string name, int size, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            "insert into kernel.number_block (company_id, series, next) values ($1, $2, 1 + $3) " +
            "on conflict (company_id, series) do update set next = kernel.number_block.next + $3 returning next");
        command.Parameters.Add(new NpgsqlParameter { Value = company.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        command.Parameters.Add(new NpgsqlParameter { Value = (long)size });
        var end = (long)(await command.ExecuteScalarAsync(ct))!;
        return (end - size, end);
    }
}
