namespace Keel.Simulators;

/// The outside world for demos, rehearsals and tests: companies that are lived, and real files that are replayed. It stands on top of the
/// house, works through the gate like everybody, and offers no operations of its own.
public sealed class SimulatorsModule : IModule
{
    public void Describe(ModuleContents contents)
    {
    }
}
