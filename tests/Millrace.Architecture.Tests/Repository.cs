using System.Runtime.CompilerServices;

namespace Millrace.Architecture.Tests;

internal static class Repository
{
    /// <summary>The root of the checkout that these tests were built in.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (var at = Path.GetDirectoryName(here); at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Millrace.slnx")))
            {
                return at;
            }
        }

        throw new InvalidOperationException($"There is no Millrace.slnx above {here}.");
    }
}
