using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The runs of the proof, the newest first.
[View("kernel.proofs", KernelPermissions.Proof, Sort = "-at")]
public sealed class ProofList : IView<ProofList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required DateTimeOffset At { get; init; }
        public required bool Full { get; init; }
        public required int Checks { get; init; }
        public required long Differences { get; init; }
        [Title("Took ms")] public required int Millis { get; init; }
    }

    public FormattableString Rows() =>
        $"select p.id, p.at, (p.checks->>'full')::boolean as full, jsonb_array_length(p.checks->'results') as checks, p.differences, p.millis from kernel.proof p";
}

/// What each check of one proof found; of the last proof where none is named.
[View("kernel.proof-checks", KernelPermissions.Proof, Sort = "position")]
public sealed class ProofCheckList : IView<ProofCheckList.Row, ProofCheckList.Args>
{
    public sealed record Args(Guid? Proof = null);

    public sealed record Row
    {
        [Key] public required string Name { get; init; }
        public required string Title { get; init; }
        public required long Rows { get; init; }
        public required long Differences { get; init; }
        [Title("Took ms")] public required int Millis { get; init; }
        [Title("First difference")] public required string Example { get; init; }
        public required int Position { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select c.value->>'name' as name, c.value->>'title' as title, (c.value->>'rows')::bigint as rows, (c.value->>'differences')::bigint as differences,
          (c.value->>'millis')::integer as millis, c.ordinality::integer as position,
          coalesce((c.value#>>array['examples', '0', 'subject']) || ': expected ' || (c.value#>>array['examples', '0', 'expected'])
            || ', found ' || (c.value#>>array['examples', '0', 'found']), '') as example
        from (select checks from kernel.proof where id = {args.Proof}::uuid or {args.Proof}::uuid is null order by at desc limit 1) p,
          jsonb_array_elements(p.checks->'results') with ordinality c
        """;
}

/// The differences that a proof kept as examples.
[View("kernel.proof-differences", KernelPermissions.Proof)]
public sealed class ProofDifferenceList : IView<ProofDifferenceList.Row, ProofDifferenceList.Args>
{
    public sealed record Args(Guid? Proof = null);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required string Check { get; init; }
        public required string Subject { get; init; }
        public required string Expected { get; init; }
        public required string Found { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select (c.value->>'name') || '/' || d.ordinality as id, c.value->>'title' as check, d.value->>'subject' as subject, d.value->>'expected' as expected, d.value->>'found' as found
        from (select checks from kernel.proof where id = {args.Proof}::uuid or {args.Proof}::uuid is null order by at desc limit 1) p,
          jsonb_array_elements(p.checks->'results') c, jsonb_array_elements(c.value->'examples') with ordinality d
        """;
}
