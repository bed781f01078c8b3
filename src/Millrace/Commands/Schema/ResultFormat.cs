using Millrace.Registry.Reports;
namespace Millrace.Commands.Schema;

/// <summary>How <c>schema validate</c> tells its results.</summary>
internal enum ResultFormat
{
    /// <summary>For people: what does not fit, and how many; may change.</summary>
    Text,

    /// <summary>A <see cref="LineResult"/> for each instance.</summary>
    Json,

    /// <summary>A <see cref="BasicResult"/> for each instance.</summary>
    Basic,
}
