using System.Buffers.Binary;

namespace Millrace.Protocol.Records;

/// <summary>The batches of a record set, as Produce and Fetch carry it: one after the other, the last perhaps cut off.</summary>
internal static class RecordSet
{
    /// <summary>The smallest that any format has: a message of format 0 with neither key nor value.</summary>
    private const int MinBatchLength = 14;

    /// <summary>
    /// Takes the next whole batch, of whatever format, off the front of <paramref name="rest"/>. False when none is left; a batch that
    /// is cut off, which a fetch limited in bytes ends with, stays in <paramref name="rest"/>.
    /// </summary>
    /// <exception cref="WireFormatException">The length of the batch is too small for any format.</exception>
    public static bool TryTake(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> batch)
    {
        batch = default;
        if (rest.Length < RecordBatchHeader.LengthPrefixSize)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(rest.Span[RecordBatchHeader.BatchLengthAt..]);
        if (length < MinBatchLength)
        {
            throw new WireFormatException($"A record batch cannot have the length {length}.");
        }

        if (length > rest.Length - RecordBatchHeader.LengthPrefixSize)
        {
            return false;
        }

        int size = length + RecordBatchHeader.LengthPrefixSize;
        batch = rest[..size];
        rest = rest[size..];
        return true;
    }
}
