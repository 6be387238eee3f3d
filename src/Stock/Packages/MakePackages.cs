using System.ComponentModel.DataAnnotations;
using Keel.Printing;
using Keel.Printing.Contract;

namespace Keel.Stock;

/// Makes packages in a place, each with a number of its own under the company's GS1 prefix, or with the number that a label bears already.
[Operation("stock.make-packages", StockPermissions.Packages, Said = "made {packages|packages}", Icon = "stock")]
internal sealed class MakePackages(KeelDb db, Settings settings, Policies policies, PlaceLimits limits, PackageSteps steps) : IOperation<MakePackages.Request, IReadOnlyList<DocumentRef>>
{
    public sealed record Request(LocationCode Location, PackageKind Kind = PackageKind.Pallet, [Range(1, 500)] int Count = 1, [MaxLength(30)] string? Code = null);

    public static readonly Error NoPrefix = new("stock.package-no-prefix", "The company has no GS1 prefix, from which numbers of packages are made. Set it in the policy letterhead, or scan a label that is there.");
    public static readonly Error OneLabel = Error.Invalid("stock.package-one-label", "A label is for one package. Make one, or leave the number out.");
    public static readonly Error Exists = new("stock.package-exists", "There is a package with this number already. Each has one of its own.");

    /// Serials of packages begin in the fourth round, which the extension digit tells: parcels of shipments count from the first.
    private const int Round = 3;

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        var places = await Places.Of(settings, ct);
        var prefix = (await policies.Of<Letterhead>(ct)).Choice.Gs1Prefix;
        if (!places.ByCode.TryGetValue(request.Location, out var place)) return Receiving.NoPlace.With($"There is no place {request.Location}.");
        if (PackageSteps.Wrong(places, request.Location, place.Node) is { } wrong) return wrong;
        db.Work.Actor.MustBeAt(place.Node);
        if (request.Code is { Length: > 0 } && request.Count != 1) return OneLabel;
        if (await limits.CheckPackages(places, request.Location, request.Count, ct) is { } full) return full;

        string[] codes;
        if (request.Code is { Length: > 0 } said)
        {
            codes = [Package.Plain(said)];
            if (!Sscc.IsValid(codes[0])) return PackageSteps.BadCode.With($"{said} is no number of a package: it has 18 digits, the last of which checks the others. Scan the label again.");
            if (await db.First<bool>($"select exists (select from stock.package where company_id = {db.Company} and code = {codes[0]})", ct)) return Exists.With($"There is a package {codes[0]} already. Each has a number of its own.");
        }
        else
        {
            if (prefix is null) return NoPrefix;
            var first = Round * (long)Math.Pow(10, 16 - prefix.Length);
            var next = await db.First<long>(
                $"""
                insert into stock.sscc_series as s (company_id, prefix, next) values ({db.Company}, {prefix}, {first + request.Count})
                on conflict (company_id, prefix) do update set next = s.next + {request.Count} returning next
                """, ct);
            codes = [.. Enumerable.Range(0, request.Count).Select(i => Sscc.Of(prefix, next - request.Count + i))];
        }

        var made = codes.Select(c => new Package(
            Guid.CreateVersion7(db.Now), db.Company, c, request.Kind, PackageStatus.Open, place.Node, place.Code, null, db.Now, db.Work.Actor.Name, db.Now, 1, db.Work.Operation)).ToArray();
        foreach (var package in made) db.Work.Concerns(package.Code);
        places.StandOn(db, [place.Node]);
        db.Table<Package>().Insert(made);
        steps.Note(PackageStepKind.Made, made);
        return made.Select(p => p.Ref).ToArray();
    }
}
