namespace Keel.Kernel;

/// How what a file brought is compared with what is in Keel, declared among a module's contents: the operation that the file went into, the
/// fields that a record is found by, the figures that are added up, and SQL with the columns key, field and value; `$1` is the company, `$2`
/// the keys (the fields' texts, put together with ` @ `).
public sealed record ImportCheck(string Operation, IReadOnlyList<string> KeyFields, IReadOnlyList<string> Figures, string Sql);
