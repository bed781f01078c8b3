using Millrace.Events.Json;

namespace Millrace.Schemas.Compilation;

internal sealed partial class SchemaDocuments
{
    private const string Vocabulary = "https://json-schema.org/draft/2020-12/vocab/";

    /// <summary>Vocabularies whose keywords are known, of either draft that has vocabularies.</summary>
    private static readonly HashSet<string> KnownVocabularies =
    [
        .. new[] { "core", "applicator", "validation", "meta-data", "format", "content" }.Select(name => $"https://json-schema.org/draft/2019-09/vocab/{name}"),
        .. new[] { "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "format-assertion", "content" }.Select(name => Vocabulary + name),
    ];

    private readonly Dictionary<Uri, (Dialect Dialect, JsonSchema Metaschema)> _customDialects = [];

    private Dialect DialectOf(SourceValue value, Dialect inherited)
    {
        if (value["$schema"] is not { Kind: TokenKind.String } named)
        {
            return inherited;
        }

        if (!Uri.TryCreate(named.Text.TrimEnd('#'), UriKind.Absolute, out var uri))
        {
            throw new SchemaException($"{value.Pointer}/$schema", $"\"{named.Text}\" is not an absolute URI.");
        }

        return Dialect.Find(uri) ?? Custom(value, uri).Dialect;
    }

    private (Dialect Dialect, JsonSchema Metaschema) Custom(SourceValue value, Uri uri)
    {
        if (_customDialects.TryGetValue(uri, out var known))
        {
            return known;
        }

        var pointer = $"{value.Pointer}/$schema";
        var utf8 = options.Resolve?.Invoke(uri)
            ?? throw new SchemaException(pointer, $"{uri} is unknown. Millrace reads 2020-12, 2019-09 and draft-07, and metaschemas that are given with the schema.");
        if (metaschemaDepth >= SchemaLimits.MaxMetaschemas)
        {
            throw new SchemaException(pointer, $"More than {SchemaLimits.MaxMetaschemas} metaschemas describe each other; a metaschema of one's own has to be described by one of the standard.");
        }

        var root = SourceValue.Parse(utf8, $"The metaschema {uri}");
        var metaschema = JsonSchema.Compile(utf8, options with { BaseUri = uri }, trusted: false, metaschemaDepth + 1);
        var described = root["$schema"] is { Text: var standard } && Uri.TryCreate(standard.TrimEnd('#'), UriKind.Absolute, out var standardUri)
            ? Dialect.Find(standardUri)
            : null;
        var custom = (WithVocabularies(described ?? Dialect.Draft202012, root["$vocabulary"], pointer) with { Metaschema = uri }, metaschema);
        _customDialects.Add(uri, custom);
        return custom;
    }

    private static Dialect WithVocabularies(Dialect dialect, SourceValue? vocabularies, string pointer)
    {
        if (vocabularies is null)
        {
            return dialect;
        }

        foreach (var (name, required) in vocabularies.Members)
        {
            if (required.Kind == TokenKind.True && !KnownVocabularies.Contains(name))
            {
                throw new SchemaException(pointer, $"The metaschema requires the vocabulary {name}, which is unknown.");
            }
        }

        return dialect with
        {
            Validation = vocabularies.Members.Any(vocabulary => vocabulary.Key.EndsWith("/vocab/validation", StringComparison.Ordinal)),
            AssertsFormats = vocabularies[Vocabulary + "format-assertion"] is not null,
            Unevaluated = dialect.ItemsMayBeArray || vocabularies[Vocabulary + "unevaluated"] is not null,
        };
    }

    private void CheckMetaschema(ReadOnlyMemory<byte> utf8, Dialect dialect, string what)
    {
        var metaschema = Dialect.Find(dialect.Metaschema) is { } standard ? Metaschemas.Of(standard) : _customDialects[dialect.Metaschema].Metaschema;
        var report = metaschema.Evaluate(utf8.Span);
        if (report.Valid)
        {
            return;
        }

        // The deepest place is the most telling: everything above it is wrong only because it is.
        var error = report.Errors.MaxBy(error => error.InstanceLocation.Count(c => c == '/'))!;
        throw new SchemaException(error.InstanceLocation, $"{what} is not a schema by {dialect.Metaschema}: {error.Message}");
    }
}
