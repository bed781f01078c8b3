namespace Millrace.Hosting;

/// <summary>An instance cannot start. The message says why and what to do, for the person who started it.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
