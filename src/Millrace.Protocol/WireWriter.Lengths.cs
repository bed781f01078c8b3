using System.Text;

namespace Millrace.Protocol;

/// <summary>The types that begin with a length; see the reader for the two forms.</summary>
internal ref partial struct WireWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void WriteString(string value, bool flexible) => WriteNullableString(value, flexible);

    public void WriteNullableString(string? value, bool flexible)
    {
        int length = value is null ? -1 : Utf8Length(value);
        if (flexible)
        {
            WriteCompactLength(length);
        }
        else
        {
            WriteInt16((short)length);
        }

        if (length > 0)
        {
            StrictUtf8.GetBytes(value, Take(length));
        }
    }

    public void WriteBytes(ReadOnlyMemory<byte> value, bool flexible) => WriteNullableBytes(value, flexible);

    public void WriteNullableBytes(ReadOnlyMemory<byte>? value, bool flexible)
    {
        WriteArrayLength(value?.Length ?? -1, flexible);
        if (value is { Length: > 0 } bytes)
        {
            WriteRaw(bytes.Span);
        }
    }

    /// <summary>The number of elements of an ARRAY, -1 for null.</summary>
    public void WriteArrayLength(int count, bool flexible)
    {
        if (flexible)
        {
            WriteCompactLength(count);
        }
        else
        {
            WriteInt32(count);
        }
    }

    /// <summary>What the generated code throws when a field is null in a version that has no null for it.</summary>
    public static WireFormatException NullNotAllowed(string field, short version) =>
        new($"{field} is null, which version {version} of the message has no form for.");

    private void WriteCompactLength(int length) => WriteUnsignedVarint((uint)(length + 1));

    private static int Utf8Length(string value)
    {
        int length;
        try
        {
            length = StrictUtf8.GetByteCount(value);
        }
        catch (EncoderFallbackException)
        {
            throw new WireFormatException("A string with half of a surrogate pair has no UTF-8 form.");
        }

        return length <= WireReader.MaxStringLength
            ? length
            : throw new WireFormatException($"A string of {length} bytes is longer than {WireReader.MaxStringLength}.");
    }
}
