using System.Text;
using System.Text.Json;
using Millrace.Schemas.Formats;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Inference;

/// <summary>What the texts at one place had in common.</summary>
internal sealed class InferredText
{
    private static readonly (string Name, Format Format)[] Formats =
        [.. new[] { "date-time", "uuid", "email" }.Select(name => (name, Format.Find(name)!))];

    private readonly HashSet<string> _choices = new(StringComparer.Ordinal);
    private long _count;
    private bool _isOpen;

    /// <summary>One bit for each of <see cref="Formats"/> that every text had so far.</summary>
    private int _formats = (1 << Formats.Length) - 1;

    public void Add(ReadOnlySpan<byte> text, Scratch scratch)
    {
        _count++;
        for (var i = 0; i < Formats.Length; i++)
        {
            if ((_formats >> i & 1) != 0 && !Formats[i].Format.Accepts(text, scratch))
            {
                _formats &= ~(1 << i);
            }
        }

        if (_isOpen)
        {
            return;
        }

        _isOpen = text.Length > InferenceBudget.MaxChoiceBytes || (_choices.Add(Encoding.UTF8.GetString(text)) && _choices.Count > InferenceBudget.MaxChoices);
        if (_isOpen)
        {
            _choices.Clear();
        }
    }

    public void WriteKeywords(Utf8JsonWriter writer)
    {
        for (var i = 0; i < Formats.Length; i++)
        {
            if ((_formats >> i & 1) != 0)
            {
                writer.WriteString("format", Formats[i].Name);
                return;
            }
        }

        if (!_isOpen && _count >= (long)_choices.Count * InferenceBudget.SeenEach)
        {
            writer.WriteStartArray("enum");
            foreach (var choice in _choices.Order(StringComparer.Ordinal))
            {
                writer.WriteStringValue(choice);
            }

            writer.WriteEndArray();
        }
    }
}
