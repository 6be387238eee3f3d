namespace Keel.Simulators;

/// How large a life Harbour Home has lived: its assortment, its days, its orders, and the seed that all chance comes from.
internal sealed record HarbourScale(int Products, int Days, int Orders, int Seed)
{
    public static readonly HarbourScale Usual = new(600, 90, 6_000, 20_260_301);

    /// Chance that belongs to a thing: the same seed and the same words always draw the same.
    public Random Chance(params object[] words)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in string.Join('|', words.Prepend(Seed))) hash = unchecked((hash ^ c) * 1_099_511_628_211UL);
        return new Random((int)((hash ^ hash >> 33) & int.MaxValue));
    }
}
