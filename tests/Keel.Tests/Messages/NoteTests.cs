using Keel.Messages;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// What people write on records, to whom it is told, and what becomes of it.
public class NoteTests
{
    [Fact]
    public async Task A_note_stands_in_the_story_of_its_record_with_what_was_done()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 5);
        var order = await shop.Takes(("BOWL", 2));
        var anna = await shop.Person("Anna", "service");

        await shop.Writes(anna, order, "The customer rang: **both** in one parcel, please.");

        var story = await shop.Story(order);
        story.Items.ShouldContain(i => i.Note != null && i.Note.Author == "Anna" && i.Entry.Kind == StreamKind.Note);
        story.Items.ShouldContain(i => i.Entry.Kind == StreamKind.Operation && i.Entry.Sentence == "placed the order");
        story.Items.Select(i => i.Entry.At).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task A_note_is_mended_by_its_writer_for_a_quarter_of_an_hour_and_taken_back_at_any_time()
    {
        await using var shop = await Shop.Open();
        var (order, anna, ben) = (await shop.Takes(("BOWL", 1)), await shop.Person("Anna", "service"), await shop.Person("Ben", "service"));
        var note = await shop.Writes(anna, order, "Wrong words");

        (await shop.Does<EditNote, EditNote.Request, Done>(new(note, "Not mine"), shop.By(ben))).Error!.Code.ShouldBe("note.too-late");
        (await shop.Does<EditNote, EditNote.Request, Done>(new(note, "Right words"), shop.By(anna))).Ok.ShouldBeTrue();
        shop.Clock.Step(TimeSpan.FromMinutes(16));
        (await shop.Does<EditNote, EditNote.Request, Done>(new(note, "Late words"), shop.By(anna))).Error!.Code.ShouldBe("note.too-late");
        (await shop.Does<WithdrawNote, WithdrawNote.Request, Done>(new(note), shop.By(ben))).Error!.Code.ShouldBe("note.not-own");
        (await shop.Does<WithdrawNote, WithdrawNote.Request, Done>(new(note), shop.By(anna))).Ok.ShouldBeTrue();

        (await shop.Text($"select text || ' ' || (withdrawn_at is not null) from messages.note where id = '{note}'")).ShouldBe("Right words true");
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'messages.add-note' and outcome = 'done'")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_is_named_is_told_once_and_who_may_not_see_the_record_cannot_write_on_it()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        var (anna, ben) = (await shop.Person("Anna", "service"), await shop.Person("Ben", "service"));
        var longer = await shop.Person("Ben-Otto", "service");
        var stranger = anna with { Id = Guid.NewGuid(), Permissions = ["kernel.read"] };

        await shop.Writes(anna, order, "@Ben have a look, @ben really. Write to x@Ben.example.");
        var refused = await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", order.Id!.Value.Value, "I should not be here"), shop.By(stranger));

        (await shop.Told(ben)).ShouldBe(["mentioned"]);
        (await shop.Told(longer)).ShouldBeEmpty();
        (await shop.Told(anna)).ShouldBeEmpty();
        refused.Error!.Code.ShouldBe("record.unknown");
        (await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", Guid.NewGuid(), "On nothing"), shop.By(anna))).Error!.Code.ShouldBe("record.unknown");
    }

    [Fact]
    public async Task Who_watches_a_record_is_told_what_others_do_to_it_and_not_what_they_do_themselves()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 5);
        var order = await shop.Takes(("BOWL", 1));
        var other = await shop.Takes(("BOWL", 1));
        var (anna, ben) = (await shop.Person("Anna", "operations"), await shop.Person("Ben", "operations"));
        await shop.Watches(anna, order);

        await shop.Holds(ben, order, other);
        await shop.Holds(anna, order);

        (await shop.Told(anna)).ShouldBe(["watched"]);
        (await shop.Text($"select sentence || ', ' || subject_number from messages.notice where person_id = '{anna.Id}'")).ShouldBe($"Ben put it on hold, {order.Number}");
        await shop.Does<UnwatchRecord, UnwatchRecord.Request, Done>(new(order.Id!.Value.Value), shop.By(anna));
        await shop.Writes(ben, order, "Nobody watches any more");
        (await shop.Told(anna)).ShouldBe(["watched"]);
    }

    [Fact]
    public async Task A_task_has_an_owner_who_is_told_and_ends_when_it_is_done()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        var (anna, ben, cleo) = (await shop.Person("Anna", "service"), await shop.Person("Ben", "service"), await shop.Person("Cleo", "service"));

        var task = (await shop.Does<AddNote, AddNote.Request,
            Id<Note>>(new("order", order.Id!.Value.Value, "Ring the carrier", Owner: ben.Id, Due: new DateOnly(2026, 3, 12)), shop.By(anna))).Value;

        (await shop.Told(ben)).ShouldBe(["task-given"]);
        (await shop.Does<FinishTask, FinishTask.Request, Done>(new(task), shop.By(cleo))).Error!.Code.ShouldBe("note.task-not-yours");
        (await shop.Does<FinishTask, FinishTask.Request, Done>(new(task), shop.By(ben))).Ok.ShouldBeTrue();
        (await shop.Does<FinishTask, FinishTask.Request, Done>(new(task), shop.By(ben))).Error!.Code.ShouldBe("note.finished");
        (await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", order.Id!.Value.Value, "No owner", Due: new DateOnly(2026, 3, 12)),
            shop.By(anna))).Error!.Code.ShouldBe("note.due-without-owner");
    }

    [Fact]
    public async Task A_long_story_is_read_page_by_page_without_a_gap_or_a_double()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("BOWL", 1));
        var anna = await shop.Person("Anna", "service");
        for (var i = 0; i < StreamDesk.Size + 15; i++)
        {
            if (i % 3 == 0) shop.Clock.Step(TimeSpan.FromMinutes(1));
            await shop.Writes(anna, order, $"Note {i}");
        }

        var first = await shop.Story(order, StreamKind.Note);
        var second = await shop.Story(order, StreamKind.Note, first.Next);

        second.Next.ShouldBeNull();
        first.Items.Concat(second.Items).Select(i => i.Note!.Text).ShouldBe(Enumerable.Range(0, StreamDesk.Size + 15).Select(i => $"Note {i}"),
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_product_is_known_by_its_sku_alone()
    {
        await using var shop = await Shop.Open();
        var anna = await shop.Person("Anna", "merchandiser");
        var bowl = DocumentRef.Named("product", "BOWL");

        (await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("product", bowl.Id, "Glaze is darker now", "BOWL"), shop.By(anna))).Ok.ShouldBeTrue();
        (await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("product", bowl.Id, "Another one's key", "TEE-M"),
            shop.By(anna))).Error!.Code.ShouldBe("record.unknown");
    }
}
