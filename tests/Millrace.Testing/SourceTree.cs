using System.Runtime.CompilerServices;

namespace Millrace.Testing;

/// <summary>The checkout that these tests were built in.</summary>
public static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as these tests were built: what is built for them is there in it already.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

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
