namespace Millrace.Schemas;

/// <summary>One assertion that an instance does not meet: a unit of the standard's <i>basic</i> output.</summary>
/// <param name="InstanceLocation">JSON Pointer into the instance; empty for the whole.</param>
/// <param name="KeywordLocation">JSON Pointer of the way through the schema, references included, such as <c>/properties/total/$ref/minimum</c>.</param>
/// <param name="AbsoluteKeywordLocation">Where the keyword stands: the URI of the schema resource and a JSON Pointer as its fragment.</param>
/// <param name="Keyword">The keyword, such as <c>minimum</c>; empty for a schema that is <c>false</c>.</param>
/// <param name="Message">What a person reads: what was expected, and what was found.</param>
public sealed record SchemaError(string InstanceLocation, string KeywordLocation, string AbsoluteKeywordLocation, string Keyword, string Message);
