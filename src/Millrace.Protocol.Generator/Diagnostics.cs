using Microsoft.CodeAnalysis;

namespace Millrace.Protocol.Generator;

/// <summary>What the generator refuses. Each is an error: a codec that is wrong in one version is worse than none.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor NotPartial = Error(
        "MRP001", "Not partial", "{0} must be a partial class, because its codec is written into it");

    public static readonly DiagnosticDescriptor BadRange = Error(
        "MRP002", "Bad version range", "\"{1}\" on {0} is not a version range: write \"4-18\", \"12+\", \"3\" or \"none\"");

    public static readonly DiagnosticDescriptor UnsupportedType = Error(
        "MRP003", "Unsupported type", "{0} has the type {1}, which has no form on the wire{2}");

    public static readonly DiagnosticDescriptor NeverSent = Error(
        "MRP004", "Never sent", "{0} is in versions {1}, none of which its message or structure is in");

    public static readonly DiagnosticDescriptor BadTag = Error(
        "MRP005", "Bad tag", "The tag of {0} is wrong: {1}");

    public static readonly DiagnosticDescriptor NullMismatch = Error(
        "MRP006", "Null mismatch", "{0} {1}");

    public static readonly DiagnosticDescriptor Recursive = Error(
        "MRP007", "Recursive structure", "{0} contains itself, so that a frame could nest without limit");

    public static readonly DiagnosticDescriptor DefaultNotConstant = Error(
        "MRP008", "Default is not constant", "{0} must start with a constant, which the codec compares it with to leave it out");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Protocol", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
