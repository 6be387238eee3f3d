using System.Text.Json;
using Keel.Messages;
using Keel.Sales;

namespace Keel.Simulators;

/// What Harbour Home's people write to each other in the last hour: notes on a few orders, a task, a record that somebody watches. From then on
/// customers of the web shop hear of their orders.
internal static class Correspondence
{
    private static readonly (string Who, string Text)[] Notes =
    [
        ("Sven Lund", "The customer rang: **both bowls in one parcel**, please.\n\n- ring before the van comes\n- the lift is out of order\n\n@Omar Haddad can we wait for the second one?"),
        ("Omar Haddad", "We can. The container is due on Thursday."),
        ("Carla Mendes", "The marketplace asks for a photo of the parcel. @Sven Lund have you seen one?"),
    ];

    public static async Task Scene(Clerk clerk, DateTimeOffset at, CancellationToken ct)
    {
        Caller As(string who, int minutes) => clerk.At(at.AddMinutes(minutes)) with { Actor = Staff.Of(who), Door = Door.Page };
        var orders = await clerk.Asks<Guid>($"select id from sales.orders where company_id = {clerk.Company} and status in ('Backordered', 'Reserved') and channel = 'webshop' order by placed_at desc, id limit 2", ct);
        if (orders is [var first, ..])
        {
            await clerk.Does<WatchRecord, WatchRecord.Request, Done>(new("order", first), As("Omar Haddad", 0), ct);
            for (var i = 0; i < Notes.Length; i++) await clerk.Does<AddNote, AddNote.Request,
                Id<Note>>(new("order", orders[i % orders.Count], Notes[i].Text), As(Notes[i].Who, i), ct);
        }

        var choice = JsonSerializer.SerializeToElement(new CustomerMessages([new CustomerMessages.OfChannel("webshop")]), KeelJson.Options);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(CustomerMessages.Kind, choice, "head of service"), clerk.At(at.AddMinutes(3)), ct);
    }
}
