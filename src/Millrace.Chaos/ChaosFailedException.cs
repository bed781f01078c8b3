namespace Millrace.Chaos;

/// <summary>The run came to no verdict; the message says what did not work.</summary>
internal sealed class ChaosFailedException(string message, Exception? inner = null) : Exception(message, inner);
