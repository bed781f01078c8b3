using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Millrace.Operations.DeadLetters;

/// <summary>A place in a JSON document (RFC 6901).</summary>
internal sealed class JsonPointer
{
    private readonly string[] _tokens;

    private JsonPointer(string[] tokens) => _tokens = tokens;

    /// <summary>Whether it points to the whole document.</summary>
    public bool IsRoot => _tokens.Length == 0;

    /// <summary>The last token; there is one unless it is the root.</summary>
    public string Last => _tokens[^1];

    /// <summary>RFC 6901, 3: tokens, each after a slash, in which <c>~1</c> is a slash and <c>~0</c> a tilde.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPointer? pointer)
    {
        pointer = null;
        if (text.Length == 0)
        {
            pointer = new JsonPointer([]);
            return true;
        }

        if (text[0] != '/')
            return false;
        var tokens = text[1..].Split('/');
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!IsEscapedWell(tokens[i]))
                return false;

            // In this order: "~01" is "~1".
            tokens[i] = tokens[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        }

        pointer = new JsonPointer(tokens);
        return true;
    }

    /// <summary>Whether this points to something inside what <paramref name="other"/> points to.</summary>
    public bool IsInside(JsonPointer other) =>
        _tokens.Length > other._tokens.Length && _tokens.AsSpan(0, other._tokens.Length).SequenceEqual(other._tokens);

    /// <summary>The value that is pointed to; false when there is none.</summary>
    public bool TryGet(JsonNode? document, out JsonNode? value) => TryWalk(document, _tokens, out value);

    /// <summary>The value that holds what is pointed to; false when there is none.</summary>
    public bool TryGetParent(JsonNode? document, out JsonNode? parent) => TryWalk(document, _tokens.AsSpan(0, _tokens.Length - 1), out parent);

    /// <summary>RFC 6901, 4: digits without a leading zero.</summary>
    public static bool TryIndex(string token, int limit, out int index)
    {
        index = 0;
        return token.Length > 0 && (token.Length == 1 || token[0] != '0') && token.All(char.IsAsciiDigit) && int.TryParse(token, out index) && index < limit;
    }

    private static bool TryWalk(JsonNode? from, ReadOnlySpan<string> tokens, out JsonNode? value)
    {
        value = from;
        foreach (var token in tokens)
        {
            switch (value)
            {
                case JsonObject map when map.TryGetPropertyValue(token, out var member):
                    value = member;
                    break;
                case JsonArray list when TryIndex(token, list.Count, out var index):
                    value = list[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool IsEscapedWell(string token)
    {
        for (var i = token.IndexOf('~'); i >= 0; i = token.IndexOf('~', i + 1))
        {
            if (i + 1 == token.Length || token[i + 1] is not ('0' or '1'))
                return false;
        }

        return true;
    }
}
