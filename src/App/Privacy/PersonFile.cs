using System.Data;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Keel.App.Evidence;
using Npgsql;
using NpgsqlTypes;

namespace Keel.App.Privacy;

/// Everything that is known about a person, as the modules tell it, each part as JSON and as CSV, and what the log holds under the person's key.
internal sealed class PersonFile(NpgsqlDataSource source, ModuleCatalog catalog)
{
    private readonly HashSet<string> numbers = new(StringComparer.Ordinal);

    public async Task Write(Id<Company> company, Guid person, string path, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var file = File.Create(path);
        await using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        var files = new EvidenceFiles(zip);
        foreach (var part in catalog.Personal)
        {
            var rows = await Read(Command(connection, company, person, part.Rows), ct);
            foreach (var number in rows.Select(r => r.GetValueOrDefault("number") as string).OfType<string>()) numbers.Add(number);
            await Both(files, part.Name, part.Title, rows, ct);
        }

        if (await Key(connection, person, ct) is { } key)
        {
            await Both(files, "log", "What the log holds", await Log(connection, company, person, key, ct), ct);
            await Both(files, "changes", "What was changed", await Changes(connection, company, person, key, ct), ct);
        }

        await files.Write("contents.txt", "Contents", async to =>
        {
            await using var writer = new StreamWriter(to, leaveOpen: true);
            foreach (var one in files.All) await writer.WriteLineAsync($"{one.Name}: {one.Title}, {one.Rows} rows");
            return files.All.Count;
        }, ct);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, Id<Company> company, Guid person, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("company", company.Value);
        command.Parameters.AddWithValue("person", person);
        command.Parameters.Add(new NpgsqlParameter("numbers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = numbers.ToArray() });
        return command;
    }

    private static async Task<List<OrderedDictionary<string, object?>>> Read(NpgsqlCommand command, CancellationToken ct)
    {
        await using var asked = command;
        await using var reader = await asked.ExecuteReaderAsync(ct);
        var rows = new List<OrderedDictionary<string, object?>>();
        while (await reader.ReadAsync(ct))
        {
            var row = new OrderedDictionary<string, object?>(reader.FieldCount);
            for (var i = 0; i < reader.FieldCount; i++) row[reader.GetName(i)] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = KeelJson.Options.Encoder };

    private static async Task Both(EvidenceFiles files, string name, string title, List<OrderedDictionary<string, object?>> rows, CancellationToken ct)
    {
        await files.Write(name + ".json", title, async to =>
        {
            await JsonSerializer.SerializeAsync(to, rows, Indented, ct);
            return rows.Count;
        }, ct);
        await files.Csv(name, title, rows, ct);
    }

    private static async Task<PersonKey?> Key(NpgsqlConnection connection, Guid person, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select key from kernel.person_key where id = $1 and key is not null", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = person });
        return await command.ExecuteScalarAsync(ct) is byte[] key ? new PersonKey(person, key) : null;
    }

    /// The lines of the log about the person's documents whose payload speaks of the person.
    private async Task<List<OrderedDictionary<string, object?>>> Log(NpgsqlConnection connection, Id<Company> company, Guid person, PersonKey key, CancellationToken ct)
    {
        var lines = await Read(Command(connection, company, person,
            """
            select l.at, l.operation, l.actor_kind, l.outcome, l.subjects, p.payload as asked_for from kernel.operation_log l
            join kernel.operation_payload p on p.operation_id = l.id and p.at = l.at
            where l.company_id = @company and string_to_array(l.subjects, ' ') && @numbers order by l.at, l.id
            """), ct);
        var told = new List<OrderedDictionary<string, object?>>();
        foreach (var line in lines)
        {
            if (LogDesk.About((byte[])line["asked_for"]!, key) is not { } readable) continue;
            line["asked_for"] = readable;
            told.Add(line);
        }

        return told;
    }

    private async Task<List<OrderedDictionary<string, object?>>> Changes(NpgsqlConnection connection, Id<Company> company, Guid person, PersonKey key, CancellationToken ct)
    {
        var rows = await Read(Command(connection, company, person,
            "select at, field, before, after from kernel.master_change where company_id = @company and person = @person and subject = any(@numbers) order by told"), ct);
        foreach (var row in rows)
        {
            foreach (var side in new[] { "before", "after" })
            {
                if (row[side] is string cipher && key.Decrypt(cipher) is { } clear) row[side] = Encoding.UTF8.GetString(clear);
            }
        }

        return rows;
    }
}
