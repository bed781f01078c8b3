namespace Millrace.Events.Json;

/// <summary>A document and its tokens.</summary>
/// <param name="utf8">The document.</param>
/// <param name="tokens">Its values and names, in their order.</param>
/// <param name="unescaped">The texts that had escapes without them, each where it stands in the document.</param>
/// <param name="isAscii">Whether the document is known to have no other characters.</param>
internal readonly ref struct JsonView(ReadOnlySpan<byte> utf8, ReadOnlySpan<Token> tokens, ReadOnlySpan<byte> unescaped, bool isAscii)
{
    public readonly ReadOnlySpan<byte> Utf8 = utf8;
    public readonly ReadOnlySpan<Token> Tokens = tokens;
    private readonly ReadOnlySpan<byte> _unescaped = unescaped;
    private readonly bool _isAscii = isAscii;

    /// <summary>The text of a string or a name, or of a number as written.</summary>
    public ReadOnlySpan<byte> Text(scoped in Token token) =>
        token.Unescaped ? _unescaped.Slice(token.Start, token.Length) : Utf8.Slice(token.Start, token.Length);

    /// <summary>How many Unicode characters the text of a string or a name has.</summary>
    public int CountCharacters(scoped in Token token) =>
        _isAscii && !token.Unescaped ? token.Length : JsonText.CountCharacters(Text(token));
}
