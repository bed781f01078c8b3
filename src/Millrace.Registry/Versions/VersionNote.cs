namespace Millrace.Registry.Versions;

/// <summary>What <c>pipeline.operations</c> keeps of a change to a version.</summary>
/// <param name="SchemaId">The schema.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
/// <param name="Before">The version that was in force before; null when there was none, or when it stays.</param>
internal sealed record VersionNote(int SchemaId, string Fingerprint, int? Before);
