namespace Millrace.Schemas.Compilation;

/// <summary>A schema with a URI of its own: a document, or a part of one that has an <c>$id</c>.</summary>
internal sealed class SchemaResource(Uri uri, SourceValue root, Dialect dialect)
{
    public Uri Uri { get; } = uri;

    public SourceValue Root { get; } = root;

    public Dialect Dialect { get; } = dialect;

    public Dictionary<string, SourceValue> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of the anchors that are dynamic; the empty name stands for <c>$recursiveAnchor</c> of 2019-09.</summary>
    public Dictionary<string, SourceValue> DynamicAnchors { get; } = new(StringComparer.Ordinal);

    /// <summary>The schemas of the dynamic anchors that some <c>$dynamicRef</c> names.</summary>
    public Dictionary<string, SchemaNode> DynamicNodes { get; } = new(StringComparer.Ordinal);

    /// <summary>What precedes the <c>#</c> in locations: nothing when the schema has no URI but ours.</summary>
    public string DisplayUri => Uri == SchemaDocuments.NoUri ? "" : Uri.ToString();
}
