namespace Millrace.Schemas.Instances;

/// <summary>What is read at most. Over a limit a document does not fit any schema, and the report says which limit it was.</summary>
internal static class JsonLimits
{
    /// <summary>Events have at most 1 MiB; this leaves room for files that people validate by hand, and keeps every offset far from the end of an int.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>20 bytes each, so 80 MB at the worst: a document of nothing but brackets must not take memory by the gigabyte.</summary>
    public const int MaxTokens = 4_000_000;

    /// <summary>Far above what people write, and low enough that comparing two values recursively fits any stack.</summary>
    public const int MaxDepth = 1_000;

    /// <summary>Digits of an exponent. With more, sums of exponents could overflow, and no other reader would take the number either.</summary>
    public const int MaxExponentDigits = 15;
}
