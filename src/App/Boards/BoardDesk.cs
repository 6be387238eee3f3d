using System.ComponentModel.DataAnnotations;
using Keel.App.Access;
using Keel.Kernel.Views;

namespace Keel.App.Boards;

/// The boards of whoever looks: those of which they may see most, or of their role; their own choice or their role's first.
internal sealed class BoardDesk(KeelDb db, Policies policies, Measures measures, Viewer viewer)
{
    /// The boards that they may open.
    public IReadOnlyList<Board> Boards { get; private set; } = [];

    /// The one that opens first.
    public Board? First { get; private set; }

    /// Which of them they chose themselves.
    public string? Chosen { get; private set; }

    public async Task Load(CancellationToken ct = default)
    {
        var actor = db.Work.Actor;
        Boards = [.. (await policies.Of<BoardPolicy>(ct)).Choice.Boards.Where(b => Offers(b, actor))];
        Chosen = await db.First<string>($"select board from access.board_choice where company_id = {db.Company} and person_id = {actor.Id}", ct);
        First = Boards.FirstOrDefault(b => b.Name == Chosen) ?? RoleBoard(actor) ?? (Boards.Count > 0 ? Boards[0] : null);
    }

    /// A board of other roles of which somebody would see little is not theirs.
    private bool Offers(Board board, Actor actor)
    {
        var tiles = board.Tiles.Select(measures.Find).OfType<Measure>().ToArray();
        var seen = tiles.Count(m => viewer.May(m.Permission));
        return seen > 0 && (2 * seen > tiles.Length || board.Roles.Any(actor.Teams.Contains));
    }

    /// Administrators belong to every team; theirs is the board of what runs by itself.
    private Board? RoleBoard(Actor actor) =>
        (actor.Teams.Contains("administrator") ? Boards.FirstOrDefault(b => b.Roles.Contains("administrator")) : null) ?? Boards.FirstOrDefault(b => b.Roles.Any(actor.Teams.Contains));
}

/// Remembers which board somebody opens first.
[Operation("access.choose-board", AccessPermissions.Own, Said = "chose a board", Icon = "board")]
internal sealed class ChooseBoard(KeelDb db, Policies policies) : IOperation<ChooseBoard.Request, Done>
{
    public sealed record Request([Required, MaxLength(40)] string Board);

    public static readonly Error Unknown = Error.NotFound("board.unknown", "There is no board with this name. Open one of those that are offered.");
    public static readonly Error NotAPerson = new("board.not-a-person", "Only people have a first board. Sign in as yourself.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (db.Work.Actor.Kind is not ActorKind.Person) return NotAPerson;
        if ((await policies.Of<BoardPolicy>(ct)).Choice.Find(request.Board) is null) return Unknown;
        db.Queue(
            $"""
            insert into access.board_choice (company_id, person_id, board) values ({db.Company}, {db.Work.Actor.Id}, {request.Board})
            on conflict (company_id, person_id) do update set board = excluded.board
            """);
        return Done.It;
    }
}
