using Keel.App.Access;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
using OneCase = Keel.Kernel.Case;

namespace Keel.Tests;

/// What people in a shop do with its exceptions.
internal static class CaseShop
{
    extension(Shop shop)
    {
        /// Somebody who may sign in.
        public async Task<Actor> Hires(string name, params string[] roles)
        {
            var made = await shop.Does<CreateUser, CreateUser.Request, Guid>(new(name, $"{name.Replace(" ", ".")}@harbour.example", "a long enough word", roles), Caller.Keel(shop.Company));
            return (await shop.Services.GetRequiredService<IActors>().Find(ActorKind.Person, made.Value, default))!;
        }

        /// An order that cannot be served, and its case.
        public async Task<Id<OneCase>> BackorderCase()
        {
            var order = await shop.Takes(("BOWL", 1));
            return await shop.CaseOf(order);
        }

        public async Task<Id<OneCase>> CaseOf(CapturedOrder order) => new(Guid.Parse(await shop.Text($"select id from kernel.work_case where subject_id = '{order.Id}'")));

        public Task<Result<CaseAnswer[]>> TakesCase(Actor who, params Id<OneCase>[] cases) => shop.Does<TakeCases, TakeCases.Request, CaseAnswer[]>(new(cases), shop.As(who));

        public Task<Result<CaseAnswer[]>> Assigns(string to, params Id<OneCase>[] cases) => shop.Does<AssignCases, AssignCases.Request, CaseAnswer[]>(new(cases, to));

        public Task<Result<CaseAnswer[]>> Snoozes(Id<OneCase> one, DateTimeOffset? until) => shop.Does<SnoozeCases, SnoozeCases.Request, CaseAnswer[]>(new([one], until));

        public Task<Result<CaseAnswer[]>> Escalates(Id<OneCase> one, string reason) => shop.Does<EscalateCases, EscalateCases.Request, CaseAnswer[]>(new([one], reason));

        public Task<Result<CaseAnswer[]>> ClosesCases(string words, string? code, params Id<OneCase>[] cases) =>
            shop.Does<CloseCases, CloseCases.Request, CaseAnswer[]>(new(cases, words, code));

        public Task Tends() => shop.Runs<TendCasesJob>();

        public Caller As(Actor who) => new(who, Door.Page, shop.Company);

        /// The steps of a case's story, in their order.
        public Task<string> StoryOf(Id<OneCase> one) => shop.Text($"select string_agg(kind, ' ' order by position) from kernel.case_step where case_id = '{one}'");

        public Task<string> Of(Id<OneCase> one, string columns) => shop.Text($"select concat_ws(' ', {columns}) from kernel.work_case where id = '{one}'");
    }
}
