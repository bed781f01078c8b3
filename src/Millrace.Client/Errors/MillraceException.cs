namespace Millrace.Client;

/// <summary>The family of everything that goes wrong with sending.</summary>
public abstract class MillraceException : Exception
{
    private protected MillraceException(string message, Event? about, bool isTransient, Exception? inner)
        : base(message, inner)
    {
        Event = about;
        IsTransient = isTransient;
    }

    /// <summary>
    /// Whether the same event may go through later. Then send the same object again: it has the same id, so it is stored once even if
    /// this attempt did arrive.
    /// </summary>
    public bool IsTransient { get; }

    /// <summary>The event that it is about; null when it is about a type.</summary>
    public Event? Event { get; }
}
