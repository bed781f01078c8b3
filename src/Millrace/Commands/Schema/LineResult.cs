using Millrace.Schemas;

namespace Millrace.Commands.Schema;

/// <summary>What <c>schema validate --format json</c> says of one instance.</summary>
/// <param name="Line">Where it stands, from 1.</param>
/// <param name="Valid">Whether it fits.</param>
/// <param name="Errors">Everything that does not; empty when it fits.</param>
internal sealed record LineResult(long Line, bool Valid, IReadOnlyList<InstanceError> Errors)
{
    public static LineResult Of(long line, SchemaReport report) => new(line, report.Valid, [.. report.Errors.Select(InstanceError.Of)]);
}

/// <summary>One thing that does not fit.</summary>
internal sealed record InstanceError(string InstanceLocation, string KeywordLocation, string AbsoluteKeywordLocation, string Keyword, string Error)
{
    public static InstanceError Of(SchemaError error) =>
        new(error.InstanceLocation, error.KeywordLocation, error.AbsoluteKeywordLocation, error.Keyword, error.Message);
}
