namespace Keel.Kernel;

/// Why the house says no: a stable code (the key of its text) and one sentence that says what is wrong and what to do.
public sealed record Error(string Code, string Message, Refusal Kind = Refusal.Conflict)
{
    /// What is wrong with which field of the request; empty where the refusal is about the request as a whole.
    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    /// A refusal about the shape of a request.
    public static Error Invalid(string code, string message, params FieldError[] fields) =>
        new(code, message, Refusal.Invalid) { Fields = fields };

    /// The thing that was named does not exist, or not for this company.
    public static Error NotFound(string code, string message) => new(code, message, Refusal.NotFound);

    /// The same refusal with words of the moment in its sentence.
    public Error With(string message) => this with { Message = message };
}

/// One field of a request and what is wrong with it.
public sealed record FieldError(string Field, string Message);

/// The kinds of refusal, as a caller must treat them: mend the request, ask for permission, look elsewhere, or look again.
public enum Refusal
{
    Conflict,
    Invalid,
    Forbidden,
    NotFound,
}

/// Something that may never be untrue was about to become untrue: a bug, never a user's mistake.
public sealed class InvariantBroken(string message) : Exception(message);
