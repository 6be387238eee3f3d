namespace Keel.Kernel;

/// What must be true of the house's own books.
internal static class KernelProof
{
    public static readonly ProofCheck[] All =
    [
        new("kernel.outbox", "Letters of the outbox are delivered in the order of their subject, and none is given up",
            "select count(*) from kernel.outbox",
            """
            select event || ' for ' || subject, 'delivered', 'given up: ' || coalesce(problem, '') from kernel.outbox where state = 'Dead'
            union all
            select o.event || ' for ' || o.subject, 'delivered', 'overtaken by a later one' from kernel.outbox o
            join (
              select w.company_id, w.deliverer, w.subject, max(l.position) as position
              from (select distinct company_id, deliverer, subject from kernel.outbox where state = 'Waiting') w
              join kernel.outbox l on l.company_id = w.company_id and l.deliverer = w.deliverer and l.subject = w.subject and l.state = 'Done' group by 1, 2, 3
            ) later on later.company_id = o.company_id and later.deliverer = o.deliverer and later.subject = o.subject and later.position > o.position
            where o.state = 'Waiting'
            """),
        new("kernel.payloads", "Every line of the log has the payload that it was written with, and no payload stands alone",
            "select count(*) from kernel.operation_payload where $1::text = '0'",
            """
            select p.operation_id::text, 'a line of the log', 'none'
            from kernel.operation_payload p left join kernel.operation_log l on l.id = p.operation_id where l.id is null and $1::text = '0'
            """),
    ];
}
