using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Millrace.Protocol;

/// <summary>
/// The types that begin with a length. Flexible versions send length + 1 as an unsigned varint, 0 for null; the others a
/// signed 16-bit (strings) or 32-bit number (bytes, arrays), -1 for null.
/// </summary>
internal ref partial struct WireReader
{
    /// <summary>Kafka's own limit; a compact length could say more.</summary>
    public const int MaxStringLength = short.MaxValue;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string ReadString(bool flexible) => ReadNullableString(flexible) ?? throw UnexpectedNull();

    public string? ReadNullableString(bool flexible)
    {
        int length = ReadLength(flexible ? ReadCompactLength() : ReadInt16());
        if (length > MaxStringLength)
        {
            throw new WireFormatException($"A string of {length} bytes is longer than {MaxStringLength}.");
        }

        if (length < 0)
        {
            return null;
        }

        try
        {
            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new WireFormatException($"The string that ends at byte {_position} is not UTF-8.");
        }
    }

    /// <summary>BYTES and RECORDS: a slice of the frame.</summary>
    public ReadOnlyMemory<byte> ReadBytes(bool flexible) => ReadNullableBytes(flexible) ?? throw UnexpectedNull();

    public ReadOnlyMemory<byte>? ReadNullableBytes(bool flexible)
    {
        int length = ReadLength(flexible ? ReadCompactLength() : ReadInt32());
        if (length < 0)
        {
            return null;
        }

        int start = _position;
        Take(length);
        return _frame.Slice(start, length);
    }

    /// <summary>The number of elements of an ARRAY.</summary>
    /// <param name="minElementSize">The fewest bytes that an element takes, at least 1: it bounds the number.</param>
    public int ReadArrayLength(bool flexible, int minElementSize)
    {
        int count = ReadNullableArrayLength(flexible, minElementSize);
        return count >= 0 ? count : throw UnexpectedNull();
    }

    /// <inheritdoc cref="ReadArrayLength"/>
    /// <returns>-1 for null.</returns>
    public int ReadNullableArrayLength(bool flexible, int minElementSize)
    {
        int count = ReadLength(flexible ? ReadCompactLength() : ReadInt32());
        if ((long)count * minElementSize > Remaining)
        {
            throw Short((long)count * minElementSize);
        }

        return count;
    }

    /// <summary>
    /// The list to read <paramref name="count"/> elements into: the property's own, emptied, or a new one; null for -1.
    /// The count has been checked against the bytes left, so the capacity may follow it.
    /// </summary>
    [return: NotNullIfNotNull(nameof(current))]
    public static List<T>? ListOf<T>(List<T>? current, int count)
    {
        if (count < 0)
        {
            return null;
        }

        List<T> list = current ?? [];
        list.Clear();
        list.EnsureCapacity(count);
        return list;
    }

    private long ReadCompactLength() => ReadUnsignedVarint() - 1L;

    private readonly int ReadLength(long length)
    {
        if (length < -1)
        {
            throw new WireFormatException($"A length of {length} before byte {_position}.");
        }

        return length <= Remaining ? (int)length : throw Short(length);
    }

    private readonly WireFormatException UnexpectedNull() => new($"A null before byte {_position} where none is allowed.");
}
