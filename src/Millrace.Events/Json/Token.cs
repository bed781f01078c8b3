namespace Millrace.Events.Json;

/// <summary>One JSON value, or the name of a member, by its place in the bytes.</summary>
internal struct Token
{
    /// <summary>Where it starts in the document. Without the quotes for strings and names.</summary>
    public int Start;

    /// <summary>Its length in bytes; for containers, with their brackets; for texts that had escapes, without these.</summary>
    public int Length;

    /// <summary>The index of the token after this value and everything in it. While a container is open: the index of the one around it.</summary>
    public int Next;

    /// <summary>Containers: how many members or items. Names: the hash of the name.</summary>
    public int Count;

    public TokenKind Kind;

    /// <summary>Strings and names: the text had escapes, and stands without them at the same place of the buffer for that.</summary>
    public bool Unescaped;

    /// <summary>Numbers: there is neither a fraction nor an exponent.</summary>
    public bool PlainInteger;
}
