namespace Millrace.Bench;

/// <summary>A measurement whose result was not what it must be: there is no figure to report.</summary>
internal sealed class BenchFailedException(string message, Exception? inner = null) : Exception(message, inner);
