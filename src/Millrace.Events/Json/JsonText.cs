using System.Numerics;
using System.Runtime.Intrinsics;

namespace Millrace.Events.Json;

/// <summary>Texts of JSON, which are UTF-8.</summary>
internal static class JsonText
{
    /// <summary>Unicode characters (not bytes, not UTF-16 units) in valid UTF-8, as PostgreSQL's <c>char_length</c> and JSON Schema's <c>maxLength</c> count them.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        // All bytes but those that go on with a character: these are 0x80 to 0xBF, the smallest ones when the first bit is a sign.
        const sbyte firstOther = unchecked((sbyte)0xC0);
        var continued = 0;
        var at = 0;
        for (; at <= utf8.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(utf8.Slice(at, Vector128<byte>.Count)).AsSByte();
            continued += BitOperations.PopCount(Vector128.LessThan(bytes, Vector128.Create(firstOther)).ExtractMostSignificantBits());
        }

        for (; at < utf8.Length; at++)
            continued += (sbyte)utf8[at] < firstOther ? 1 : 0;
        return utf8.Length - continued;
    }
}
