namespace Millrace.Schemas.Compilation;

/// <summary>What a schema's <c>$schema</c> says about the meaning of its keywords.</summary>
internal sealed record Dialect
{
    public static readonly Dialect Draft202012 = new()
    {
        Metaschema = new Uri("https://json-schema.org/draft/2020-12/schema"),
        ContainsEvaluates = true,
        DynamicReferences = true,
    };

    public static readonly Dialect Draft201909 = new()
    {
        Metaschema = new Uri("https://json-schema.org/draft/2019-09/schema"),
        ItemsMayBeArray = true,
    };

    public static readonly Dialect Draft07 = new()
    {
        Metaschema = new Uri("http://json-schema.org/draft-07/schema"),
        ItemsMayBeArray = true,
        ReferenceStandsAlone = true,
        AnchorsAreIds = true,
        Unevaluated = false,
    };

    public required Uri Metaschema { get; init; }

    /// <summary>An array in <c>items</c> is what 2020-12 calls <c>prefixItems</c>, and <c>additionalItems</c> is its <c>items</c>.</summary>
    public bool ItemsMayBeArray { get; init; }

    /// <summary>Keywords beside <c>$ref</c> are ignored.</summary>
    public bool ReferenceStandsAlone { get; init; }

    /// <summary><c>"$id": "#name"</c> is an anchor.</summary>
    public bool AnchorsAreIds { get; init; }

    /// <summary>Items that fit <c>contains</c> count as evaluated.</summary>
    public bool ContainsEvaluates { get; init; }

    /// <summary><c>$dynamicRef</c>; else <c>$recursiveRef</c>.</summary>
    public bool DynamicReferences { get; init; }

    public bool Unevaluated { get; init; } = true;

    /// <summary>The vocabulary of <c>type</c>, <c>minimum</c> and the like.</summary>
    public bool Validation { get; init; } = true;

    public bool AssertsFormats { get; init; }

    /// <summary>The standard's own, by the URI without fragment; null when it is another.</summary>
    public static Dialect? Find(Uri metaschema) =>
        new[] { Draft202012, Draft201909, Draft07 }.FirstOrDefault(dialect => dialect.Metaschema == metaschema);
}
