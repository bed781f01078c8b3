using System.Text.Json.Serialization;
using Millrace.Schemas;

namespace Millrace.Registry.Reports;

/// <summary>The standard's <i>basic</i> output of one instance.</summary>
/// <param name="Valid">Whether it fits.</param>
/// <param name="Errors">Its output units; absent when it fits.</param>
public sealed record BasicResult(bool Valid, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<BasicError>? Errors)
{
    /// <summary>Makes it.</summary>
    public static BasicResult Of(SchemaReport report) => new(
        report.Valid,
        report.Valid ? null : [.. report.Errors.Select(e => new BasicError(e.KeywordLocation, e.AbsoluteKeywordLocation, e.InstanceLocation, e.Message))]);
}

/// <summary>An output unit.</summary>
public sealed record BasicError(string KeywordLocation, string AbsoluteKeywordLocation, string InstanceLocation, string Error);
