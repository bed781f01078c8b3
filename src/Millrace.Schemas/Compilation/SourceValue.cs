using System.Text;
using Millrace.Events.Json;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Compilation;

/// <summary>A value of a schema document, with its place. Two references to one place give the same object, by which compiled schemas are found again.</summary>
internal sealed class SourceValue
{
    private readonly string _segment;
    private Dictionary<string, SourceValue>? _byName;

    private SourceValue(SourceValue? parent, string segment, TokenKind kind, ReadOnlyMemory<byte> raw)
    {
        Parent = parent;
        Document = parent?.Document ?? this;
        _segment = segment;
        Kind = kind;
        Raw = raw;
    }

    public SourceValue? Parent { get; }

    /// <summary>The root of its document.</summary>
    public SourceValue Document { get; }

    public TokenKind Kind { get; }

    /// <summary>The value as it is written.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The text, when it is a string.</summary>
    public string Text { get; private init; } = "";

    public List<KeyValuePair<string, SourceValue>> Members { get; } = [];

    public List<SourceValue> Items { get; } = [];

    /// <summary>Set on the root of a document, and on a schema with an <c>$id</c> of its own.</summary>
    public SchemaResource? OwnResource { get; set; }

    public bool IsSchema => Kind is TokenKind.Object or TokenKind.True or TokenKind.False;

    /// <summary>The resource that it belongs to.</summary>
    public SchemaResource Resource
    {
        get
        {
            var at = this;
            while (at.OwnResource is null)
            {
                at = at.Parent!;
            }

            return at.OwnResource;
        }
    }

    /// <summary>JSON Pointer from the root of the document.</summary>
    public string Pointer => PointerFrom(root: null);

    /// <summary>JSON Pointer from the root of the resource that it belongs to.</summary>
    public string PointerInResource => PointerFrom(Resource.Root);

    public SourceValue? this[string name]
    {
        get
        {
            _byName ??= Members.ToDictionary(member => member.Key, member => member.Value, StringComparer.Ordinal);
            return _byName.GetValueOrDefault(name);
        }
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="SchemaException">It is not JSON.</exception>
    public static SourceValue Parse(ReadOnlyMemory<byte> utf8, string what)
    {
        var scratch = Scratch.Take();
        try
        {
            var problem = scratch.Read(utf8.Span, out var view, out var position);
            if (problem != JsonProblem.None)
            {
                throw new SchemaException("", $"{what} cannot be read: {JsonProblems.Describe(problem, position)}.");
            }

            return Build(view, utf8, 0, parent: null, "");
        }
        finally
        {
            scratch.GiveBack();
        }
    }

    /// <summary>The value that a JSON Pointer names below this one; null when there is none.</summary>
    public SourceValue? Find(string pointer)
    {
        var at = this;
        foreach (var segment in pointer.Split('/').Skip(1))
        {
            var name = segment.Replace("~1", "/").Replace("~0", "~");
            var next = at.Kind switch
            {
                TokenKind.Object => at[name],
                TokenKind.Array when int.TryParse(name, out var index) && index >= 0 && index < at.Items.Count => at.Items[index],
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            at = next;
        }

        return at;
    }

    public static string Escape(string name) => name.Replace("~", "~0").Replace("/", "~1");

    private string PointerFrom(SourceValue? root)
    {
        var segments = new List<string>();
        for (var at = this; at.Parent is not null && at != root; at = at.Parent)
        {
            segments.Add(at._segment);
        }

        segments.Reverse();
        return segments.Count == 0 ? "" : "/" + string.Join('/', segments);
    }

    private static SourceValue Build(JsonView view, ReadOnlyMemory<byte> utf8, int index, SourceValue? parent, string segment)
    {
        var token = view.Tokens[index];
        if (token.Kind == TokenKind.String)
        {
            return new SourceValue(parent, segment, token.Kind, Quoted(view, utf8, token)) { Text = Encoding.UTF8.GetString(view.Text(token)) };
        }

        var value = new SourceValue(parent, segment, token.Kind, utf8.Slice(token.Start, token.Length));
        if (token.Kind == TokenKind.Object)
        {
            for (var name = index + 1; name < token.Next; name = view.Tokens[name + 1].Next)
            {
                var text = Encoding.UTF8.GetString(view.Text(view.Tokens[name]));
                value.Members.Add(new(text, Build(view, utf8, name + 1, value, Escape(text))));
            }
        }
        else if (token.Kind == TokenKind.Array)
        {
            for (var item = index + 1; item < token.Next; item = view.Tokens[item].Next)
            {
                value.Items.Add(Build(view, utf8, item, value, value.Items.Count.ToString()));
            }
        }

        return value;
    }

    private static ReadOnlyMemory<byte> Quoted(JsonView view, ReadOnlyMemory<byte> utf8, Token token) =>
        token.Unescaped
            ? System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(view.Text(token)), SourceJson.Default.String)
            : utf8.Slice(token.Start - 1, token.Length + 2);
}
