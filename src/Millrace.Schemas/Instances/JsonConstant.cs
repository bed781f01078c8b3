using Millrace.Events.Json;

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
        var problem = scratch.Read(_utf8, out var view, out var position);
        if (problem != JsonProblem.None)
        {
            throw new ArgumentException(JsonProblems.Describe(problem, position), nameof(utf8));
        }

        _tokens = view.Tokens.ToArray();
        _unescaped = _tokens.Any(token => token.Unescaped) ? scratch.Json.Unescaped[.._utf8.Length] : [];
        scratch.GiveBack();
    }

    public JsonView View => new(_utf8, _tokens, _unescaped, isAscii: false);
}
