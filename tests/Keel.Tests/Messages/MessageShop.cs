using Keel.Messages;
using Keel.Sales;
using Keel.Sales.Contract;
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
            (await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([.. orders.Select(o => o.Id!.Value)], "wait for the call"), shop.By(who))).Ok.ShouldBeTrue();

        public async Task<StreamDesk.Page> Story(CapturedOrder order, StreamKind? only = null, DateTimeOffset? before = null)
        {
            await using var scope = shop.Scope();
            return await scope.ServiceProvider.GetRequiredService<StreamDesk>().Read(new DocumentRef("order", order.Id!.Value.Value, order.Number!), null, [], only, before);
        }

        /// The kinds of what somebody was told, in order.
        public async Task<string[]> Told(Actor who) =>
            (await shop.Text($"select string_agg(kind, ' ' order by at, id) from messages.notice where person_id = '{who.Id}'")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
