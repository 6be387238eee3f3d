namespace Keel.Kernel;

/// A state inside a sentence: `OnHold` is on hold.
public static class SpokenState
{
    extension(Enum state)
    {
        /// As people say it in a sentence, in small letters; other languages know it as a word of the product.
        public string Spoken => Views.ViewInfo.Spoken(state.ToString()).ToLowerInvariant();
    }
}
