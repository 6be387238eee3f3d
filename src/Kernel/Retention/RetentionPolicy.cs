using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// How long which type of record is kept. A type without a rule is kept for ever. What a legal hold stands on is kept whatever the rule.
public sealed record RetentionPolicy([MaxLength(50)] IReadOnlyList<RetentionRule> Rules) : IPolicy<RetentionPolicy>
{
    public static string Kind => "retention";

    public static RetentionPolicy AsDelivered => new([new("sights", 24), new("evidence", 12), new("imports", 12)]);

    public static string Says => "How many months each type of record is kept. What is older is purged by itself and the purge is written down; a type without a rule, and whatever a legal hold stands on, is kept.";

    public static IReadOnlyList<string> UsedBy => ["kernel.purge-due"];
}

/// One type of record, and for how many months it is kept.
public sealed record RetentionRule([Required, MaxLength(40)] string RecordType, [Range(1, 600)] int Months);

/// A type of record that can be purged, as its module declares it. `LeastMonths` is what the house needs it for itself: a shorter rule waits for it.
public sealed record RetainedType(string Name, string Title, int LeastMonths, Type Keeper);

/// Purges one type of record of a company.
public interface IRetain
{
    /// Purges what is older, except what a legal hold stands on; says how much was purged and how much is held back.
    Task<Purged> Purge(DateTimeOffset olderThan, CancellationToken ct);
}

/// How many records went, and how many are due but kept back.
public readonly record struct Purged(long Rows, long Held);
