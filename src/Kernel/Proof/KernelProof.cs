namespace Keel.Kernel;

/// What must be true of the house's own books.
internal static class KernelProof
{
    public static readonly ProofCheck[] All =
    [
        new("kernel.outbox", "Letters of the outbox are delivered in the order of their subject, and none is given up",
            "select count(*) from kernel.outbox",
            """
            select o.event || ' for ' || o.subject, 'delivered', case o.state when 'Dead' then 'given up: ' || coalesce(o.problem, '') else 'overtaken by a later one' end
            from kernel.outbox o
            where o.state = 'Dead' or (o.state = 'Waiting' and exists (
              select from kernel.outbox l where l.company_id = o.company_id and l.deliverer = o.deliverer and l.subject = o.subject and l.position > o.position and l.state = 'Done'))
            """),
        new("kernel.payloads", "Every line of the log has the payload that it was written with, and no payload stands alone",
            "select count(*) from kernel.operation_payload where $1::text = '0'",
            """
            select p.operation_id::text, 'a line of the log', 'none'
            from kernel.operation_payload p left join kernel.operation_log l on l.id = p.operation_id where l.id is null and $1::text = '0'
            """),
    ];
}
