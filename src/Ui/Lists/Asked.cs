using Keel.Kernel.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Keel.Ui;

/// What the address of a page says about the arguments of its view.
public static class Asked
{
    /// The arguments; what the address does not say, or says wrongly, is as it is by default.
    public static T Of<T>(NavigationManager navigation) where T : class
    {
        var read = ViewArgs.Read(typeof(T), QueryHelpers.ParseQuery(new Uri(navigation.Uri).Query));
        return read.Ok ? (T)read.Value : (T)ViewArgs.Read(typeof(T), []).Value;
    }
}
