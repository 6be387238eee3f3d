namespace Keel.App; internal static class Program { public static int Main() => 0; }
