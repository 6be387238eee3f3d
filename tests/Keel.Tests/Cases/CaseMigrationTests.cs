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

        (await new Migrator(shop.Source, shop.Catalog).Run()).ShouldBe(1);

        (await shop.Text("select owner || ' ' || (escalates_at = due_at) || ' ' || escalations from kernel.work_case where subject = 'SO-1'")).ShouldBe("channel-manager true 0");
        (await shop.Text("select owner || ' ' || coalesce(escalates_at::text, 'never') from kernel.work_case where subject = 'SO-2'")).ShouldBe("finance never");
        (await Story(shop, "SO-1")).ShouldBe("Opened by Keel: SO-1 is odd");
        (await Story(shop, "SO-2")).ShouldBe("Opened by Keel: SO-2 is odd, Closed by Fiona: rule set");
    }

    private static Task<string> Story(Shop shop, string subject) => shop.Text(
        $"select string_agg(e.what || ' by ' || e.actor_name || ': ' || e.sentence, ', ' order by e.position) from kernel.case_event e join kernel.work_case c on c.id = e.case_id where c.subject = '{subject}'");

    private static Task Case(Shop shop, string subject, string kind, string owner, string end) => shop.Text(
        $"""
        insert into kernel.work_case (id, company_id, kind, subject_kind, subject_id, subject, severity, sentence, owner, opened_at, due_at, operation, state, closed_at, resolution, closed_by)
        values (gen_random_uuid(), '{shop.Company}', '{kind}', 'order', gen_random_uuid(), '{subject}', 'Normal', '{subject} is odd', '{owner}', '2026-03-09 08:00Z', '2026-03-09 16:00Z', gen_random_uuid(), {end})
        """);

    /// The tables as they stood before.
    private static Task GoBack(Shop shop) => shop.Text(
        """
        drop table kernel.case_event;
        drop index kernel.work_case_once, kernel.work_case_snoozed, kernel.work_case_escalates, kernel.work_case_mine, kernel.work_case_closed, kernel.work_case_opened;
        alter table kernel.work_case drop constraint work_case_assignee_check, drop constraint work_case_snoozed_check, drop constraint work_case_state_check,
          drop column assignee_id, drop column assignee, drop column snoozed_until, drop column escalates_at, drop column escalations, drop column code;
        alter table kernel.work_case add constraint work_case_state_check check (state in ('Open', 'Closed'));
        create unique index work_case_once on kernel.work_case (company_id, kind, subject_id) where state = 'Open';
        delete from kernel.migration where module = 'kernel' and name like '%cases.sql';
        """);
}
