using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;

namespace Millrace.Protocol.Tests.Golden;

/// <summary>
/// Bytes that Apache Kafka 4.3.1's own classes have written, in golden.zip: <c>messages/NAME.jsonl</c> and a few files by the
/// side. A message that is added to the protocol needs its two files added to the archive.
/// </summary>
internal static class GoldenFiles
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<JsonElement>> Cache = [];

    public static bool Exists(string path)
    {
        using ZipArchive archive = Open();
        return archive.GetEntry(path) is not null;
    }

    /// <summary>The lines of a .jsonl file.</summary>
    public static IReadOnlyList<JsonElement> ReadLines(string path) => Cache.GetOrAdd(path, static path =>
    {
        string text = ReadText(path);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    });

    public static JsonElement ReadJson(string path) => JsonElement.Parse(ReadText(path));

    private static string ReadText(string path)
    {
        using ZipArchive archive = Open();
        ZipArchiveEntry entry = archive.GetEntry(path) ?? throw new FileNotFoundException($"golden.zip has no {path}.");
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    private static ZipArchive Open() =>
        new(typeof(GoldenFiles).Assembly.GetManifestResourceStream("golden.zip")
            ?? throw new InvalidOperationException("golden.zip is not embedded in the test assembly."));
}
