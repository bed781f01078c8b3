namespace Millrace.Protocol;

/// <summary>Reads the primitive types of the protocol.</summary>
internal ref struct WireReader;
