using System.Text;
using Confluent.Kafka;
using Millrace.Commands;
using Millrace.Commands.Tail;

namespace Millrace.Tests.Commands.Tail;

public sealed class EventWriterTests
{
    [Theory]
    [InlineData("{\"a\":1}", "\"event\":{\"a\":1}")]
    [InlineData("{\n  \"a\": \"é\\ud800\"\r\n}", "\"event\":{   \"a\": \"é\\ud800\"  }")]
    [InlineData("not json", "\"raw\":\"not json\"")]
    [InlineData("{\"a\":1} {", "\"raw\":\"{\\\"a\\\":1} {\"")]
    [InlineData(null, "\"raw\":null")]
    public void Json_is_one_line_whatever_the_value_is(string? value, string expected) => Assert.Equal(
        $"{{\"partition\":2,\"offset\":7,\"timestamp\":\"2026-01-01T00:00:00.123Z\",\"key\":\"42\",{expected}}}\n", Write(value, OutputFormat.Json));

    [Fact]
    public void Text_cannot_steer_the_terminal()
    {
        string line = Write("{\"a\":\"\u001b[2J\u009b1m\"}", OutputFormat.Text);

        Assert.EndsWith(" 2@7 {\"a\":\"?[2J?1m\"}\n", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("order", null, true)]
    [InlineData("order", "42", true)]
    [InlineData(null, "42", true)]
    [InlineData("page", "42", false)]
    [InlineData("order", "4", false)]
    public void Filter_looks_at_the_top_level_fields(string? type, string? user, bool expected) => Assert.Equal(
        expected,
        new EventFilter(type, user).Matches(Message("""{"nested":{"eventType":"page","userId":4},"eventType":"order","userId":42}""")));

    [Theory]
    [InlineData("not json")]
    [InlineData("[\"eventType\",\"order\"]")]
    [InlineData("{\"eventType\":\"\\ud800\"}")]
    [InlineData(null)]
    public void Filter_leaves_out_what_has_no_such_field(string? value) => Assert.False(new EventFilter("order", null).Matches(Message(value)));

    private static string Write(string? value, OutputFormat format)
    {
        using var output = new MemoryStream();
        new EventWriter(output, format).Write(new ConsumeResult<byte[]?, byte[]?> { Topic = "events", Partition = 2, Offset = 7, Message = Message(value) });
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static Message<byte[]?, byte[]?> Message(string? value) => new()
    {
        Key = "42"u8.ToArray(),
        Value = value is null ? null : Encoding.UTF8.GetBytes(value),
        Timestamp = new Timestamp(new DateTime(2026, 1, 1, 0, 0, 0, 123, DateTimeKind.Utc)),
    };
}
