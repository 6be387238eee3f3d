namespace Keel.Kernel;

/// Something that two records of a domain have in common when they may be one, declared among a module's contents: the same mail address, the
/// same name in the same place. `Sql` has the columns key and token, the thing in common made plain; `$1` is the company. Weight says how
/// much it speaks for it, out of a hundred.
public sealed record DuplicateSign(string Domain, string Name, string Says, int Weight, string Sql);
