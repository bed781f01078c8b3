using Millrace.Events;

namespace Millrace.Schemas.Catalog;

/// <summary>What the schemas in force say of an event.</summary>
/// <param name="Version">The version that it was validated with or, when it was not, the one that it names.</param>
/// <param name="Reason">What is wrong with it; <see cref="RefusalReason.None"/> when nothing is.</param>
/// <param name="IsRefused">Whether it must not be stored; it may be although something is wrong, and is counted then.</param>
/// <param name="EventType">Its type when it has schemas; empty when it has none, since nothing bounds how many such types there are.</param>
/// <param name="Detail">The sentence for the reason; empty when there is none.</param>
/// <param name="Errors">What does not fit the schema; empty when something else is wrong.</param>
public readonly record struct SchemaVerdict(
    int? Version, RefusalReason Reason, bool IsRefused, string EventType, string Detail, IReadOnlyList<SchemaError> Errors)
{
    /// <summary>Nothing is wrong.</summary>
    internal static SchemaVerdict Accepted(int? version) => new(version, RefusalReason.None, IsRefused: false, "", "", []);
}
