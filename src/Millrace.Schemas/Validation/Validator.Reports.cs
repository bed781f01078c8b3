using System.Text;
using Millrace.Events.Json;
using Millrace.Schemas.Compilation;

namespace Millrace.Schemas.Validation;

internal ref partial struct Validator
{
    /// <summary>How much of a value a message shows.</summary>
    private const int ShownCharacters = 60;

    /// <summary>Notes an error, when errors are wanted. Always false, so that a check can end with it.</summary>
    /// <param name="message">What a person reads: {0} is <paramref name="expected"/>, {1} is what was found.</param>
    private readonly bool Report<T>(SchemaNode node, int index, string keyword, string message, T expected)
    {
        if (_sink is { IsFull: false })
        {
            object shown = expected switch
            {
                byte[] number => Encoding.UTF8.GetString(number),
                TypeSet types => string.Join(" or ", TypeNames.Of(types)),
                EnumRule values => Values(values),
                _ => expected!,
            };
            _sink.Add(node, keyword, InstancePointer(index), string.Format(message, shown, Found(index)));
        }

        return false;
    }

    private readonly bool Report(SchemaNode node, int index, string keyword, string message)
    {
        if (_sink is { IsFull: false })
        {
            _sink.Add(node, keyword, InstancePointer(index), message);
        }

        return false;
    }

    /// <summary>The way from the root to a token; for a name, to its value.</summary>
    private readonly string InstancePointer(int target)
    {
        var pointer = new StringBuilder();
        var at = 0;
        while (at != target)
        {
            var end = _view.Tokens[at].Next;
            if (_view.Tokens[at].Kind == TokenKind.Object)
            {
                var name = at + 1;
                while (name < end && _view.Tokens[name + 1].Next <= target)
                {
                    name = _view.Tokens[name + 1].Next;
                }

                pointer.Append('/').Append(SourceValue.Escape(Encoding.UTF8.GetString(_view.Text(_view.Tokens[name]))));
                if (name == target)
                {
                    break;
                }

                at = name + 1;
            }
            else
            {
                var item = at + 1;
                var number = 0;
                while (_view.Tokens[item].Next <= target)
                {
                    item = _view.Tokens[item].Next;
                    number++;
                }

                pointer.Append('/').Append(number);
                at = item;
            }
        }

        return pointer.ToString();
    }

    private readonly string Found(int index)
    {
        var token = _view.Tokens[index];
        return token.Kind switch
        {
            TokenKind.Object => $"an object with {token.Count} members",
            TokenKind.Array => $"an array with {token.Count} items",
            TokenKind.String or TokenKind.Name => $"\"{Shorten(Encoding.UTF8.GetString(Beginning(_view.Text(token))))}\"",
            _ => Shorten(Encoding.UTF8.GetString(Beginning(_view.Text(token)))),
        };
    }

    /// <summary>More than is shown, and never ten megabytes.</summary>
    private static ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> text)
    {
        if (text.Length <= ShownCharacters * 5)
        {
            return text;
        }

        var length = ShownCharacters * 5;
        while ((text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return text[..length];
    }

    private static string Shorten(string text)
    {
        if (text.Length <= ShownCharacters)
        {
            return text;
        }

        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[ShownCharacters - 1]) ? ShownCharacters - 1 : ShownCharacters), "…");
    }
}
