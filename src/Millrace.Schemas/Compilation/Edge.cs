namespace Millrace.Schemas.Compilation;

/// <summary>A subschema, and the way to it from the schema above, such as <c>/properties/total</c>.</summary>
internal sealed class Edge(SchemaNode node, string path)
{
    public readonly SchemaNode Node = node;
    public readonly string Path = path;
}
