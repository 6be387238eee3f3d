using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Cases of a house that ran before they had people, codes and stories.
public class CaseMigrationTests
{
    [Fact]
    public async Task Cases_of_before_keep_what_they_said_and_get_a_story()
    {
        await using var shop = await Shop.Open();
        await GoBack(shop);
        await Case(shop, "SO-1", "order-unknown-sku", "channel manager", "'Open', null, null, null");
        await Case(shop, "SO-2", "posting-rule-missing", "bookkeeper", "'Closed', '2026-03-09 10:00Z', 'rule set', 'Fiona'");
        await Case(shop, "SO-3", "backorder", "head of operations", "'Open', null, null, null");
        await shop.Text("update kernel.work_case set snoozed_until = '2026-03-12 08:00Z', escalated = 2 where subject = 'SO-3'");
        await shop.Text($"insert into kernel.case_step (id, company_id, case_id, at, kind, actor_name, words, operation) select gen_random_uuid(), company_id, id, '2026-03-09 09:00Z', 'Snoozed', 'Omar', 'let it rest', operation from kernel.work_case where subject = 'SO-3'");

        (await new Migrator(shop.Source, shop.Catalog).Run()).ShouldBe(1);

        (await shop.Text("select owner || ' ' || (escalates_at = due_at) || ' ' || escalated from kernel.work_case where subject = 'SO-1'")).ShouldBe("channel-manager true 0");
        (await shop.Text("select owner || ' ' || coalesce(escalates_at::text, 'never') from kernel.work_case where subject = 'SO-2'")).ShouldBe("finance never");
        (await shop.Text("select owner || ' ' || state || ' ' || coalesce(escalates_at::text, 'never') from kernel.work_case where subject = 'SO-3'")).ShouldBe("administrator Snoozed never");
        (await Story(shop, "SO-3")).ShouldBe("Opened by Keel: SO-3 is odd, Snoozed by Omar: let it rest");
        (await Story(shop, "SO-1")).ShouldBe("Opened by Keel: SO-1 is odd");
        (await Story(shop, "SO-2")).ShouldBe("Opened by Keel: SO-2 is odd, Closed by Fiona: rule set");
    }

    private static Task<string> Story(Shop shop, string subject) => shop.Text(
        $"select string_agg(e.kind || ' by ' || e.actor_name || ': ' || e.words, ', ' order by e.at, e.position) from kernel.case_step e join kernel.work_case c on c.id = e.case_id where c.subject = '{subject}'");

    private static Task Case(Shop shop, string subject, string kind, string owner, string end) => shop.Text(
        $"""
        insert into kernel.work_case (id, company_id, kind, subject_kind, subject_id, subject, severity, sentence, owner, opened_at, due_at, operation, state, closed_at, resolution, closed_by)
        values (gen_random_uuid(), '{shop.Company}', '{kind}', 'order', gen_random_uuid(), '{subject}', 'Normal', '{subject} is odd', '{owner}', '2026-03-09 08:00Z', '2026-03-09 16:00Z', gen_random_uuid(), {end})
        """);

    /// The tables as they stood before.
    private static Task GoBack(Shop shop) => shop.Text(
        """
        drop index kernel.work_case_once, kernel.work_case_snoozed, kernel.work_case_escalates, kernel.work_case_mine, kernel.work_case_opened, kernel.case_step_case, kernel.case_step_escalated;
        alter table kernel.work_case drop constraint work_case_snoozed_check, drop constraint work_case_state_check, drop column escalates_at;
        alter table kernel.work_case add constraint work_case_state_check check (state in ('Open', 'Closed'));
        create unique index work_case_once on kernel.work_case (company_id, kind, subject_id) where state = 'Open';
        create index work_case_assignee on kernel.work_case (company_id, assignee_id) where state = 'Open';
        alter table kernel.case_step drop column position, drop column actor_kind, drop column actor_id;
        create index case_step_case on kernel.case_step (case_id, id);
        delete from kernel.migration where module = 'kernel' and name like '%case_inbox.sql';
        """);
}
