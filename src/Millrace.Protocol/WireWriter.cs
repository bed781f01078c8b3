namespace Millrace.Protocol;

/// <summary>Writes the primitive types of the protocol.</summary>
internal ref struct WireWriter;
