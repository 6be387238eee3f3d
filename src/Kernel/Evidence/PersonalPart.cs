namespace Keel.Kernel;

/// What a module knows about a person, for the copy that the person may ask for: a query that names `@company`, `@person`, and `@numbers` of the
/// documents that were found before. A column `number` names a document of the person.
public sealed record PersonalPart(string Name, string Title, string Rows);
