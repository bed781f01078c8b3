using System.Text.Json;
using Millrace.Protocol.Records;
using Millrace.Protocol.Tests.Golden;

namespace Millrace.Protocol.Tests.Records;

/// <summary>A record set that Kafka has built, with its batches decoded.</summary>
internal sealed record GoldenRecordSet(string Case, byte[] Bytes, int CompleteBytes, IReadOnlyList<JsonElement> Batches)
{
    private const string Path = "record_batches.jsonl";

    public static TheoryData<string> Cases => [.. GoldenFiles.ReadLines(Path).Select(line => line.GetProperty("case").GetString()!)];

    public static GoldenRecordSet Named(string name) =>
        Parse(GoldenFiles.ReadLines(Path).Single(line => line.GetProperty("case").GetString() == name));

    public static IEnumerable<GoldenRecordSet> All => GoldenFiles.ReadLines(Path).Select(Parse);

    /// <summary>The whole batches of the set.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Split()
    {
        List<ReadOnlyMemory<byte>> batches = [];
        ReadOnlyMemory<byte> rest = Bytes;
        while (RecordSet.TryTake(ref rest, out ReadOnlyMemory<byte> batch))
        {
            batches.Add(batch);
        }

        Assert.Equal(CompleteBytes, Bytes.Length - rest.Length);
        return batches;
    }

    private static GoldenRecordSet Parse(JsonElement line) => new(
        line.GetProperty("case").GetString()!,
        Convert.FromHexString(line.GetProperty("hex").GetString()!),
        line.GetProperty("complete_bytes").GetInt32(),
        [.. line.GetProperty("batches").EnumerateArray()]);
}
