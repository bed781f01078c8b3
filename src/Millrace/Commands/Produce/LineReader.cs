using System.Buffers;
using System.IO.Pipelines;

namespace Millrace.Commands.Produce;

/// <summary>One line of the input.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Bytes">Without its line break; null when it was longer than allowed and was passed over.</param>
internal readonly record struct InputLine(long Number, byte[]? Bytes);

/// <summary>Lines as bytes, from a stream of any length in bounded memory.</summary>
internal sealed class LineReader(Stream input, int maxBytes)
{
    public async IAsyncEnumerable<InputLine> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PipeReader reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        long number = 1;
        bool passingOver = false;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                ReadOnlySequence<byte> line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                yield return Line(number++, line, passingOver);
                passingOver = false;
            }

            if (result.IsCompleted)
            {
                if (!buffer.IsEmpty || passingOver)
                    yield return Line(number, buffer, passingOver);
                yield break;
            }

            // A line without an end in sight is not kept, only its end is looked for.
            if (buffer.Length > maxBytes + 1)
            {
                passingOver = true;
                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private InputLine Line(long number, ReadOnlySequence<byte> line, bool passedOver)
    {
        if (!passedOver && line.Length > 0 && line.Slice(line.Length - 1).FirstSpan[0] == '\r')
            line = line.Slice(0, line.Length - 1);
        return new InputLine(number, passedOver || line.Length > maxBytes ? null : line.ToArray());
    }
}
