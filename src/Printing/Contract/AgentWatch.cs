namespace Keel.Printing.Contract;

/// Where agents on site ask whether there is work. Asking is their sign of life.
public sealed class AgentWatch(KeelDb db)
{
    /// Notes that an agent was heard of.
    public void Heard(string agent, string host, string program) => db.Queue(
        $"""
        insert into printing.agent (company_id, name, host, program, seen_at) values ({db.Company}, {agent}, {host}, {program}, {db.Now})
        on conflict (company_id, name) do update set host = excluded.host, program = excluded.program, seen_at = excluded.seen_at
        """);

    /// True where something waits for a printer of the agent.
    public async Task<bool> HasWork(string agent, CancellationToken ct = default) => await db.First<bool>(
        $"""
        select exists (select from printing.job j join printing.printer p on p.id = j.printer_id
          where p.company_id = {db.Company} and p.agent = {agent} and p.is_on and j.status = 'Queued')
        """, ct);
}
