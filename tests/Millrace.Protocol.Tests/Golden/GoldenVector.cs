using System.Text.Json;

namespace Millrace.Protocol.Tests.Golden;

/// <summary>One version of one message in one case ("empty", "full", "nulls", "extremes", "unknown_tags").</summary>
internal sealed record GoldenVector(string Message, short Version, string Case, JsonElement Json, byte[] Bytes)
{
    public static IReadOnlyList<GoldenVector> Of(Type message)
    {
        IEnumerable<JsonElement> lines = message.Name.EndsWith("Header", StringComparison.Ordinal)
            ? GoldenFiles.ReadJson("headers.json").GetProperty("header_vectors").EnumerateArray()
            : GoldenFiles.Exists(PathOf(message)) ? GoldenFiles.ReadLines(PathOf(message)) : [];
        return [.. lines.Select(Parse).Where(vector => vector.Message == message.Name)];
    }

    private static string PathOf(Type message) => $"messages/{message.Name}.jsonl";

    private static GoldenVector Parse(JsonElement line) => new(
        line.GetProperty("message").GetString()!,
        line.GetProperty("version").GetInt16(),
        line.GetProperty("case").GetString()!,
        line.GetProperty("json"),
        Convert.FromHexString(line.GetProperty("hex").GetString()!));
}
