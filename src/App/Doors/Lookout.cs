using Keel.Kernel.Views;

namespace Keel.App.Doors;

/// Who looks in this scope; nobody, until the doorman says so.
internal sealed class Lookout
{
    public Viewer Viewer { get; set; } = new(static _ => false);
}
