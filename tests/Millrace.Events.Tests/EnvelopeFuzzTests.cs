using System.Text;
using System.Text.Json;

namespace Millrace.Events.Tests;

/// <summary>Random bytes near valid events: reading never throws, and what is JSON and what is not is so to another reader too.</summary>
public sealed class EnvelopeFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud83d", "\\ude00", "\\u0041", "null", "true", "1", "-0", "1e5", "1e999999", ".",
            "\"eventType\":\"t\"", "\"eventId\":\"0198a1c2-7d3e-7abc-8def-0123456789ab\"", "\"userId\":", "\"timestamp\":\"2026-03-04T05:06:07Z\"", "\uFEFF", "é", "😀", "\0", " ",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_events_never_throw_and_are_json_where_another_reader_finds_so(int seed)
    {
        var random = new Random(seed);
        var good = """{"eventType":"t","eventId":"0198a1c2-7d3e-7abc-8def-0123456789ab","userId":"\u00e9","timestamp":1772600767123,"x":[{"y":1.5e3},"\ud83d\ude00"]}"""u8.ToArray();
        int passed = 0, notJson = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = Mutate(good, random);
            var reason = EnvelopeReader.Read(bytes, out _, out var position);
            if (reason == RefusalReason.None)
            {
                passed++;
                using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = EnvelopeReader.MaxDepth });
                Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            }
            else if (reason == RefusalReason.NotJson)
            {
                notJson++;
                Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(bytes).Dispose());
            }

            Assert.InRange(position, 0, bytes.Length);
        }

        // Neither everything nor nothing: else the mutations would prove nothing.
        Assert.InRange(passed, Rounds / 100, Rounds * 9 / 10);
        Assert.InRange(notJson, Rounds / 100, Rounds * 9 / 10);
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
