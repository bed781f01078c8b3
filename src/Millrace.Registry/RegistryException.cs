namespace Millrace.Registry;

/// <summary>The registry could not do what was asked. The message is one sentence for the user: what, where, and what to do next.</summary>
public sealed class RegistryException(string message, bool isTransient, Exception? inner) : Exception(message, inner)
{
    /// <summary>Whether the same call may well succeed later: the server is away or busy, nothing is wrong with the request.</summary>
    public bool IsTransient { get; } = isTransient;
}
