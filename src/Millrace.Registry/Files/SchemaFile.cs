namespace Millrace.Registry.Files;

/// <summary>A version of a schema in a directory.</summary>
/// <param name="EventType">From the name of its directory.</param>
/// <param name="Version">From its own name.</param>
/// <param name="Path">Where it is.</param>
internal sealed record SchemaFile(string EventType, int Version, string Path);
