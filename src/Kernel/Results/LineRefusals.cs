namespace Keel.Kernel;

/// What is wrong with the lines of one request, told at once and each by its line (`lines[3].sku`): whoever wrote them mends them together, and a file
/// loses no line that is right. Without the name of a list only the first is told.
public sealed class LineRefusals(string? list)
{
    private readonly List<FieldError> fields = [];
    private Error? first;

    /// The refusal of the first line that is wrong, with a field for each; none where all are right.
    public Error? All => first is null || list is null ? first : first with { Fields = [.. fields] };

    /// A line is wrong, counted from zero; nothing where the refusal is none.
    public void Add(int line, string field, Error? error)
    {
        if (error is null) return;
        first ??= error;
        fields.Add(new FieldError($"{list}[{line}].{field}", error.Message));
    }
}
