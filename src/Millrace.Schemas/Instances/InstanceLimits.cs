using Millrace.Events.Json;

namespace Millrace.Schemas.Instances;

/// <summary>What is read at most. Over a limit a document does not fit any schema, and the report says which limit it was.</summary>
internal static class InstanceLimits
{
    /// <summary>
    /// Events have at most 1 MiB; 64 MiB leave room for files that people validate by hand, and keep every offset far from the end of an int. Tokens take 20 bytes each, so
    /// 80 MB at the worst: a document of nothing but brackets must not take memory by the gigabyte. A depth of 1,000 is far above what people write, and low enough that
    /// comparing two values recursively fits any stack.
    /// </summary>
    public static readonly JsonLimits Json = new(MaxBytes: 64 * 1024 * 1024, MaxTokens: 4_000_000, MaxDepth: 1_000);
}
