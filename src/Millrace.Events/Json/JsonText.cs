namespace Millrace.Events.Json;

/// <summary>Texts of JSON, which are UTF-8.</summary>
internal static class JsonText
{
    /// <summary>Unicode characters (not bytes, not UTF-16 units) in valid UTF-8, as PostgreSQL's <c>char_length</c> and JSON Schema's <c>maxLength</c> count them.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var b in utf8)
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
}
