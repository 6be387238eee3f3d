using System.Diagnostics.CodeAnalysis;

namespace Keel.Kernel;

/// What an operation answers: a value, a refusal, or "waiting for approval".
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Error? error, Pending? pending) => (this.value, Error, Waiting) = (value, error, pending);

    /// The refusal, where there is one.
    public Error? Error { get; }

    /// The approval that this waits for, where it waits.
    public Pending? Waiting { get; }

    /// True where there is a value.
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Ok => Error is null && Waiting is null;

    /// The value; asking for it where there is none is a bug.
    public T Value => Ok ? value! : throw new InvariantBroken($"There is no value: {Error?.Code ?? "waiting for approval"} {Error?.Message}");

    internal static Result<T> Of(T value) => new(value, null, null);

    public static implicit operator Result<T>(T value) => new(value, null, null);
    public static implicit operator Result<T>(Error error) => new(default, error, null);
    public static implicit operator Result<T>(Pending pending) => new(default, null, pending);
}

/// An operation that waits for somebody's yes.
public sealed record Pending(Guid Approval, string Sentence)
{
    /// What it would do, where that was only asked.
    [System.Text.Json.Serialization.JsonIgnore]
    internal Effect? Effect { get; init; }
}

/// The answer of an operation that has nothing to say but that it is done.
public sealed record Done
{
    public static readonly Done It = new();
}

/// Results of interfaces, which no conversion can make.
public static class Result
{
    public static Result<T> Of<T>(T value) => Result<T>.Of(value);
}
