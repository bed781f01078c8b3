using Millrace.Events.Json;

namespace Millrace.Schemas.Compilation;

/// <summary>The documents of one compilation, and everything in them that a reference can name.</summary>
internal sealed partial class SchemaDocuments(SchemaOptions options, bool trusted, int metaschemaDepth)
{
    /// <summary>The base of a schema that has none. It is never shown.</summary>
    public static readonly Uri NoUri = new("schema:///");

    private readonly Dictionary<Uri, SchemaResource> _resources = [];
    private int _documents;

    public IEnumerable<SchemaResource> Resources => _resources.Values.Distinct();

    /// <summary>Reads a document, checks it against its metaschema and registers what it defines.</summary>
    /// <param name="uri">Where it comes from; what its relative references are resolved against until an <c>$id</c> says otherwise.</param>
    /// <param name="inherited">The dialect of a document that names none.</param>
    public SourceValue Load(ReadOnlyMemory<byte> utf8, Uri uri, Dialect inherited)
    {
        var what = uri == NoUri ? "The schema" : $"The schema {uri}";
        if (utf8.Length > SchemaLimits.MaxDocumentBytes)
        {
            throw new SchemaException("", $"{what} is larger than {SchemaLimits.MaxDocumentBytes / 1024 / 1024} MiB.");
        }

        if (++_documents > SchemaLimits.MaxDocuments)
        {
            throw new SchemaException("", $"The schema refers to more than {SchemaLimits.MaxDocuments} documents.");
        }

        var root = SourceValue.Parse(utf8, what);
        if (!root.IsSchema)
        {
            throw new SchemaException("", $"{what} is neither an object nor a boolean.");
        }

        var dialect = DialectOf(root, inherited);
        var resource = new SchemaResource(IdOf(root, uri, dialect), root, dialect);
        root.OwnResource = resource;
        if (!trusted)
        {
            CheckMetaschema(utf8, dialect, what);
        }

        // One document may be reached by two addresses; the first one read stands for both.
        if (_resources.TryGetValue(resource.Uri, out var same))
        {
            _resources.TryAdd(uri, same);
            return same.Root;
        }

        Register(resource.Uri, resource);
        _resources.TryAdd(uri, resource);
        ScanKeywords(root, resource);
        return root;
    }

    /// <summary>The schema that a reference in <paramref name="from"/> names.</summary>
    public SourceValue Resolve(SourceValue from, string keyword, string reference)
    {
        var hash = reference.IndexOf('#');
        var (address, fragment) = hash < 0 ? (reference, "") : (reference[..hash], Uri.UnescapeDataString(reference[(hash + 1)..]));
        var resource = address.Length == 0 ? from.Resource : FindResource(from, keyword, address);
        var target = fragment.Length == 0 ? resource.Root
            : fragment[0] == '/' ? resource.Root.Find(fragment)
            : resource.Anchors.GetValueOrDefault(fragment);
        if (target is null)
        {
            throw Refuse(from, keyword, $"it refers to \"{reference}\", but there is no such place in {Name(resource)}");
        }

        return target.IsSchema ? target : throw Refuse(from, keyword, $"it refers to \"{reference}\", which is neither an object nor a boolean");
    }

    public static SchemaException Refuse(SourceValue at, string keyword, string problem) =>
        new(keyword.Length == 0 ? at.Pointer : $"{at.Pointer}/{SourceValue.Escape(keyword)}", $"{char.ToUpperInvariant(problem[0])}{problem[1..]}{In(at)}.");

    private static string Name(SchemaResource resource) => resource.DisplayUri.Length == 0 ? "the schema" : resource.DisplayUri;

    private static string In(SourceValue at)
    {
        var uri = at.Resource.DisplayUri;
        return uri.Length == 0 ? "" : $" (in {uri})";
    }

    private SchemaResource FindResource(SourceValue from, string keyword, string address)
    {
        if (!Uri.TryCreate(from.Resource.Uri, address, out var uri))
        {
            throw Refuse(from, keyword, $"\"{address}\" is not a URI");
        }

        if (_resources.TryGetValue(uri, out var known))
        {
            return known;
        }

        var found = Metaschemas.Find(uri) ?? options.Resolve?.Invoke(uri)
            ?? throw Refuse(from, keyword, $"it refers to {(uri.Scheme == NoUri.Scheme ? address : uri)}, which is neither part of the schema nor given with it");
        return Load(found, uri, from.Resource.Dialect).Resource;
    }

    private void Register(Uri uri, SchemaResource resource)
    {
        if (!_resources.TryAdd(uri, resource))
        {
            throw Refuse(resource.Root, "$id", $"two schemas have the same identifier {uri}");
        }
    }

    /// <summary>The URI of a schema resource: its <c>$id</c>, or the base when it has none.</summary>
    private static Uri IdOf(SourceValue value, Uri baseUri, Dialect dialect)
    {
        if (value["$id"] is not { Kind: TokenKind.String } id || (dialect.ReferenceStandsAlone && value["$ref"] is not null))
        {
            return baseUri;
        }

        var text = id.Text.Split('#')[0];
        return text.Length == 0 ? baseUri
            : Uri.TryCreate(baseUri, text, out var uri) ? uri
            : throw new SchemaException($"{value.Pointer}/$id", $"\"{id.Text}\" is not a URI.");
    }
}
