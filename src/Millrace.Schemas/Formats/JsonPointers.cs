using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Formats;

internal static class JsonPointers
{
    public static bool IsPointer(ReadOnlySpan<byte> text, Scratch scratch) => IsPointer(text);

    /// <summary>A number of levels up, then a pointer, or # for the name there.</summary>
    public static bool IsRelativePointer(ReadOnlySpan<byte> text, Scratch scratch)
    {
        var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;
        if (digits == 0 || (digits > 1 && text[0] == '0'))
        {
            return false;
        }

        var rest = text[digits..];
        return rest.SequenceEqual("#"u8) || IsPointer(rest);
    }

    private static bool IsPointer(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != '/')
        {
            return false;
        }

        for (var tilde = text.IndexOf((byte)'~'); tilde >= 0; tilde = text.IndexOf((byte)'~'))
        {
            text = text[(tilde + 1)..];
            if (text is not [(byte)'0' or (byte)'1', ..])
            {
                return false;
            }
        }

        return true;
    }
}
