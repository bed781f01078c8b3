using Millrace.Schemas;

namespace Millrace.Registry.Reports;

/// <summary>What <c>schema validate --format json</c> says of one instance.</summary>
/// <param name="Line">Where it stands, from 1.</param>
/// <param name="Valid">Whether it fits.</param>
/// <param name="Errors">Everything that does not; empty when it fits.</param>
public sealed record LineResult(long Line, bool Valid, IReadOnlyList<InstanceError> Errors)
{
    /// <summary>Makes it.</summary>
    public static LineResult Of(long line, SchemaReport report) => new(line, report.Valid, [.. report.Errors.Select(InstanceError.Of)]);
}

/// <summary>One thing that does not fit.</summary>
public sealed record InstanceError(string InstanceLocation, string KeywordLocation, string AbsoluteKeywordLocation, string Keyword, string Error)
{
    /// <summary>Makes it.</summary>
    public static InstanceError Of(SchemaError error) =>
        new(error.InstanceLocation, error.KeywordLocation, error.AbsoluteKeywordLocation, error.Keyword, error.Message);
}
