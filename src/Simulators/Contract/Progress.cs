namespace Keel.Simulators.Contract;

/// How far a long run is: what it does now, how much of how much is done, and in which unit.
public sealed record Progress(string Step, long Done, long Of, string Unit)
{
    public double Share => Of == 0 ? 1 : (double)Done / Of;
}
