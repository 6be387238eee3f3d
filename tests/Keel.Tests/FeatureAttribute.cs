namespace Keel.Tests;

/// Names the statements of the product that a test proves; `docs/features.md` is made from them.
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class FeatureAttribute(params string[] ids) : Attribute
{
    public IReadOnlyList<string> Ids => ids;
}
