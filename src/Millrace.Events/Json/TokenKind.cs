namespace Millrace.Events.Json;

internal enum TokenKind : byte
{
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,

    /// <summary>The name of a member; its value is the next token.</summary>
    Name,
}
