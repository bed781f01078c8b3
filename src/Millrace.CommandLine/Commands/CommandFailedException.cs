namespace Millrace.Commands;

/// <summary>A command ends with this sentence on standard error and this code; nothing else is printed.</summary>
internal sealed class CommandFailedException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
