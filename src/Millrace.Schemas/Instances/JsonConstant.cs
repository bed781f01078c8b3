namespace Millrace.Schemas.Instances;

/// <summary>A value that stands in a schema, to be compared with instances.</summary>
internal sealed class JsonConstant
{
    private readonly byte[] _utf8;
    private readonly Token[] _tokens;
    private readonly byte[] _unescaped;

    /// <param name="utf8">The value; it has been read before, so it is JSON.</param>
    public JsonConstant(ReadOnlySpan<byte> utf8)
    {
        var scratch = Scratch.Take();
        _utf8 = utf8.ToArray();
        var problem = Tokenizer.Read(_utf8, scratch, out var count, out var position);
        if (problem != JsonProblem.None)
        {
            throw new ArgumentException(JsonProblems.Describe(problem, position), nameof(utf8));
        }

        _tokens = scratch.Tokens[..count];
        _unescaped = scratch.Unescaped[.._tokens.Where(token => token.Unescaped).Select(token => token.Start + token.Length).DefaultIfEmpty().Max()];
        scratch.GiveBack();
    }

    public JsonView View => new(_utf8, _tokens, _unescaped);
}
