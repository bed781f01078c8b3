namespace Millrace.Schemas.Compilation;

/// <summary>How large a schema may be, and how much work one instance may make. Over it a schema is refused, or the instance with a report that says so.</summary>
internal static class SchemaLimits
{
    /// <summary>One document. The largest public schemas have about one megabyte.</summary>
    public const int MaxDocumentBytes = 8 * 1024 * 1024;

    /// <summary>Documents that one schema refers to, itself included: a resolver that always has another one must come to an end.</summary>
    public const int MaxDocuments = 500;

    /// <summary>Subschemas after compilation, some hundred bytes each.</summary>
    public const int MaxNodes = 200_000;

    /// <summary>How many schemas may refer on to each other before one looks further into the instance. A chain of references is a call chain.</summary>
    public const int MaxChain = 200;

    /// <summary>Schemas within schemas while an instance is judged, so that no stack overflows. A recursive schema takes two or three for each level of the instance.</summary>
    public const int MaxEvaluationDepth = 1_500;

    /// <summary>Metaschemas of metaschemas.</summary>
    public const int MaxMetaschemas = 8;

    /// <summary>Steps that an instance may take whatever its size, and for each of its values. Schemas can be written that double the work with each line; about a second is the worst.</summary>
    public const long Work = 2_000_000;
    public const long WorkPerToken = 256;

    /// <summary>64-bit words for the sets of what has been evaluated (8 MB).</summary>
    public const int MaxBitWords = 1024 * 1024;

    /// <summary>How long a pattern that needs backtracking may look at one string. All others take time in proportion to the string.</summary>
    public static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(100);
}
