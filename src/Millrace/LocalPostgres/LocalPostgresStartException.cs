namespace Millrace.LocalPostgres;

/// <summary>The local server cannot start. The message says why and what to do, for the person who started it.</summary>
internal sealed class LocalPostgresStartException(string message, Exception? inner = null) : Exception(message, inner);
