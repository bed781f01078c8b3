using System.Reflection;

namespace Millrace.Schemas.Benchmarks;

/// <summary>The schemas and events of the folder <c>Data</c>.</summary>
internal static class BenchData
{
    /// <param name="name">The file's, without <c>.json</c>.</param>
    public static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
