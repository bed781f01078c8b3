namespace Millrace.Client;

/// <summary>A type cannot be used for events: it has no usable name, or the JSON context does not know it. A defect of the program, so never transient.</summary>
public sealed class EventTypeException : MillraceException
{
    internal EventTypeException(Type type, string problem, Exception? inner = null)
        : base(problem, null, isTransient: false, inner) => Type = type;

    /// <summary>The type.</summary>
    public Type Type { get; }
}
