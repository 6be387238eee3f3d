namespace Keel.App.Postgres;

/// Why Keel cannot run here, as one sentence for the person at the terminal. Not a bug: it is shown without a stack.
internal sealed class CannotRun(string sentence, Exception? cause = null) : Exception(sentence, cause);
