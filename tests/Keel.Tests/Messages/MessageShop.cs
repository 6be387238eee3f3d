using Keel.Messages;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Keel.Tests.Messages;

/// What clerks do with notes, notices and mail.
internal static class MessageShop
{
    extension(Shop shop)
    {
        public async Task<Id<Note>> Writes(Actor who, CapturedOrder order, string text) =>
            (await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", order.Id!.Value.Value, text), shop.By(who))).Value;

        public async Task Watches(Actor who, CapturedOrder order) =>
            (await shop.Does<WatchRecord, WatchRecord.Request, Done>(new("order", order.Id!.Value.Value), shop.By(who))).Ok.ShouldBeTrue();

        public async Task Holds(Actor who, params CapturedOrder[] orders) =>
            (await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([.. orders.Select(o => o.Id!.Value)],
                "wait for the call"), shop.By(who))).Ok.ShouldBeTrue();

        public async Task<StreamDesk.Page> Story(CapturedOrder order, StreamKind? only = null, DateTimeOffset? before = null)
        {
            await using var scope = shop.Scope();
            return await scope.ServiceProvider.GetRequiredService<StreamDesk>().Read(new DocumentRef("order", order.Id!.Value.Value, order.Number!), null,
                [], only, before);
        }

        /// A correction of the stock that needs somebody else's yes.
        public async Task<Pending> AsksToCorrect(Actor who, int found)
        {
            await shop.Stocks("TEE-M", 10, worth: 100_00);
            await shop.Chooses("approvals", new { rules = new[] { new { operation = "stock.adjust",
                levels = new[] { new { permission = "kernel.approvals.decide" } } } } });
            var asked = await shop.Does<AdjustStock, AdjustStock.Request,
                IReadOnlyList<DocumentRef>>(new([new AdjustStock.Line("MAIN/STOCK", "TEE-M", found, "count")]), shop.By(who));
            return asked.Waiting ?? throw new InvariantBroken("It does not wait.");
        }

        public async Task Decides(Actor who, Pending waits, bool approve) => (await shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(
            new(new Id<Approval>(waits.Approval), 1, approve, "looks right"), shop.By(who))).Ok.ShouldBeTrue();

        public Task<Done> SetsMailServer(int port, string? password = null) => shop.Must<SetMailServer, SetMailServer.Request, Done>(
            new("127.0.0.1", port, Secure: false, Password: password, FromAddress: "orders@harbour.example", FromName: "Harbour Home",
            House: "https://keel.example/"));

        /// The kinds of what somebody was told, in order.
        public async Task<string[]> Told(Actor who) =>
            (await shop.Text($"select string_agg(kind, ' ' order by at, id) from messages.notice where person_id = '{who.Id}'")).Split(' ',
                StringSplitOptions.RemoveEmptyEntries);
    }
}
