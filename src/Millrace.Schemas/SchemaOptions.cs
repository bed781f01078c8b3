namespace Millrace.Schemas;

/// <summary>How a schema is compiled.</summary>
public sealed record SchemaOptions
{
    /// <summary>The defaults.</summary>
    public static SchemaOptions Default { get; } = new();

    /// <summary>Whether <c>format</c> is asserted; by the standard it only annotates. Default: no.</summary>
    public bool AssertFormats { get; init; }

    /// <summary>
    /// Gives the schema that a reference names when it is neither in the schema itself nor a metaschema of the standard; null when there is none.
    /// Default: there is never one, and nothing is ever fetched from a network.
    /// </summary>
    public Func<Uri, ReadOnlyMemory<byte>?>? Resolve { get; init; }

    /// <summary>The URI that relative references are resolved against when the schema has no <c>$id</c>. Default: none.</summary>
    public Uri? BaseUri { get; init; }

    /// <summary>How many errors a report has at most. Default 100, so that a large wrong instance does not make a larger report.</summary>
    public int MaxErrors { get; init; } = 100;
}
