namespace Millrace.Commands;

/// <summary>How data comes out on standard output.</summary>
internal enum OutputFormat
{
    /// <summary>For people; may change.</summary>
    Text,

    /// <summary>For programs: one JSON document, or one a line for a stream. A documented contract.</summary>
    Json,
}
