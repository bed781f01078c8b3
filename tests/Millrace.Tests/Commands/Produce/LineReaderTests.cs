using System.Text;
using Millrace.Commands.Produce;

namespace Millrace.Tests.Commands.Produce;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\r\nb\r\n", new[] { "a", "b" })]
    [InlineData("a\n\nb", new[] { "a", "", "b" })]
    [InlineData("12345678", new[] { "12345678" })]
    [InlineData("123456789\nb\n", new[] { null, "b" })]
    [InlineData("b\n123456789012345678901234567890", new[] { "b", null })]
    [InlineData("123456789012345678901234567890\n\nc", new[] { null, "", "c" })]
    public async Task Lines_keep_their_numbers_and_too_long_ones_are_passed_over(string input, string?[] expected)
    {
        // One byte at a time is the worst that a pipe can do.
        foreach (int step in new[] { 1, 7, 1000 })
        {
            var lines = new List<InputLine>();
            await foreach (InputLine line in new LineReader(new Trickle(Encoding.UTF8.GetBytes(input), step), maxBytes: 8).ReadAsync(CancellationToken.None))
                lines.Add(line);

            Assert.Equal(expected, lines.Select(l => l.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : null));
            Assert.Equal(Enumerable.Range(1, expected.Length), lines.Select(l => (int)l.Number));
        }
    }

    private sealed class Trickle(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(step, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
