namespace Millrace.Protocol;

/// <summary>The bytes are not what the protocol says they are, or a length is over its cap.</summary>
internal sealed class WireFormatException(string message) : Exception(message);
