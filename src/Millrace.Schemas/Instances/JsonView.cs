namespace Millrace.Schemas.Instances;

/// <summary>A document and its tokens.</summary>
internal readonly ref struct JsonView(ReadOnlySpan<byte> utf8, ReadOnlySpan<Token> tokens, ReadOnlySpan<byte> unescaped)
{
    public readonly ReadOnlySpan<byte> Utf8 = utf8;
    public readonly ReadOnlySpan<Token> Tokens = tokens;
    private readonly ReadOnlySpan<byte> _unescaped = unescaped;

    /// <summary>The text of a string or a name, or of a number as written.</summary>
    public ReadOnlySpan<byte> Text(in Token token) =>
        token.Unescaped ? _unescaped.Slice(token.Start, token.Length) : Utf8.Slice(token.Start, token.Length);
}
