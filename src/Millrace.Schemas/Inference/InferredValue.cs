using System.Text;
using System.Text.Json;
using Millrace.Events.Json;
using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Inference;

/// <summary>What was seen at one place.</summary>
internal sealed class InferredValue(InferenceBudget budget)
{
    private readonly InferredText _text = new();
    private readonly Dictionary<string, InferredValue> _members = new(StringComparer.Ordinal);
    private InferredValue? _items;
    private TypeSet _types;
    private long _objects;
    private bool _followsMembers = true;
    private bool _followsItems = true;

    public long Count { get; private set; }

    public void Add(JsonView view, int index, Scratch scratch, int depth)
    {
        Count++;
        var token = view.Tokens[index];
        switch (token.Kind)
        {
            case TokenKind.Object:
                _types |= TypeSet.Object;
                _objects++;
                AddMembers(view, index, scratch, depth);
                break;
            case TokenKind.Array:
                _types |= TypeSet.Array;
                AddItems(view, index, scratch, depth);
                break;
            case TokenKind.String:
                _types |= TypeSet.String;
                _text.Add(view.Text(token), scratch);
                break;
            case TokenKind.Number:
                // 1.0 is a whole number, but who writes it so means a number.
                _types |= token.PlainInteger ? TypeSet.Integer : TypeSet.Number;
                break;
            case TokenKind.Null:
                _types |= TypeSet.Null;
                break;
            default:
                _types |= TypeSet.Boolean;
                break;
        }
    }

    public void WriteKeywords(Utf8JsonWriter writer)
    {
        WriteType(writer);
        if (_types.HasFlag(TypeSet.Object))
        {
            WriteMembers(writer);
        }

        if (_items is not null && _followsItems)
        {
            writer.WriteStartObject("items");
            _items.WriteKeywords(writer);
            writer.WriteEndObject();
        }

        // An enum or a format would say something of the other types too.
        if (_types == TypeSet.String)
        {
            _text.WriteKeywords(writer);
        }
    }

    private void AddMembers(JsonView view, int index, Scratch scratch, int depth)
    {
        for (var name = index + 1; _followsMembers && name < view.Tokens[index].Next; name = view.Tokens[name + 1].Next)
        {
            var text = Encoding.UTF8.GetString(view.Text(view.Tokens[name]));
            if (!_members.TryGetValue(text, out var member))
            {
                if (depth >= InferenceBudget.MaxDepth || _members.Count >= InferenceBudget.MaxNames || !budget.TryTakePlace())
                {
                    _followsMembers = false;
                    _members.Clear();
                    return;
                }

                _members.Add(text, member = new InferredValue(budget));
            }

            member.Add(view, name + 1, scratch, depth + 1);
        }
    }

    private void AddItems(JsonView view, int index, Scratch scratch, int depth)
    {
        for (var item = index + 1; _followsItems && item < view.Tokens[index].Next; item = view.Tokens[item].Next)
        {
            if (_items is null && (depth >= InferenceBudget.MaxDepth || !budget.TryTakePlace()))
            {
                _followsItems = false;
                return;
            }

            _items ??= new InferredValue(budget);
            _items.Add(view, item, scratch, depth + 1);
        }
    }

    private void WriteType(Utf8JsonWriter writer)
    {
        var names = TypeNames.Of(_types).ToList();
        if (names.Count == 1)
        {
            writer.WriteString("type", names[0]);
        }
        else if (names.Count > 1)
        {
            writer.WriteStartArray("type");
            names.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }
    }

    private void WriteMembers(Utf8JsonWriter writer)
    {
        if (_members.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("properties");
        foreach (var (name, member) in _members)
        {
            writer.WriteStartObject(name);
            member.WriteKeywords(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        var required = _members.Where(member => member.Value.Count == _objects).Select(member => member.Key).ToList();
        if (required.Count > 0)
        {
            writer.WriteStartArray("required");
            required.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }
    }
}
