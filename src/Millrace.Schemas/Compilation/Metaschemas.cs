using System.Collections.Frozen;
using System.Reflection;

namespace Millrace.Schemas.Compilation;

/// <summary>The schemas that the standard describes schemas with. They are part of the assembly, so that nothing is fetched.</summary>
internal static class Metaschemas
{
    private static readonly FrozenDictionary<string, string> Names =
        Vocabularies("2019-09", "core", "applicator", "validation", "meta-data", "format", "content")
            .Concat(Vocabularies("2020-12", "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "format-assertion", "content"))
            .Append(("http://json-schema.org/draft-07/schema", "draft-07.schema"))
            .ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2);

    private static readonly Lazy<JsonSchema> Draft202012 = Compiled(Dialect.Draft202012);
    private static readonly Lazy<JsonSchema> Draft201909 = Compiled(Dialect.Draft201909);
    private static readonly Lazy<JsonSchema> Draft07 = Compiled(Dialect.Draft07);

    /// <summary>The document; null when the standard has none under this URI.</summary>
    public static ReadOnlyMemory<byte>? Find(Uri uri)
    {
        if (!Names.TryGetValue(uri.ToString(), out var name))
        {
            return null;
        }

        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Millrace.Schemas.Metaschemas.{name}.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The compiled metaschema of one of the standard's dialects.</summary>
    public static JsonSchema Of(Dialect standard) =>
        standard == Dialect.Draft202012 ? Draft202012.Value
        : standard == Dialect.Draft201909 ? Draft201909.Value
        : standard == Dialect.Draft07 ? Draft07.Value
        : throw new ArgumentException("It is not a dialect of the standard.", nameof(standard));

    private static Lazy<JsonSchema> Compiled(Dialect dialect) =>
        new(() => JsonSchema.CompileTrusted(Find(dialect.Metaschema)!.Value, new SchemaOptions { BaseUri = dialect.Metaschema }));

    private static IEnumerable<(string Uri, string Resource)> Vocabularies(string draft, params string[] names) =>
        names.Select(name => ($"https://json-schema.org/draft/{draft}/meta/{name}", $"{draft}.{name}"))
            .Prepend(($"https://json-schema.org/draft/{draft}/schema", $"{draft}.schema"));
}
