using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Millrace.Events;

namespace Millrace.Client;

/// <summary>How a type of events is called on the wire.</summary>
internal sealed record EventContract(string EventType, int Version)
{
    private static readonly ConcurrentDictionary<Type, EventContract> Known = new();

    /// <exception cref="EventTypeException">The type has no name that an event may have.</exception>
    public static EventContract Of(Type type) => Known.GetOrAdd(type, Read);

    private static EventContract Read(Type type)
    {
        if (!type.IsSubclassOf(typeof(Event)))
            throw new EventTypeException(type, $"{type.Name} does not derive from {nameof(Event)}.");
        if (type.GetCustomAttribute<EventTypeAttribute>() is not { } given)
        {
            return type.IsGenericType
                ? throw new EventTypeException(type, $"{type.Name} is generic, so its name says too little: give it [EventType(\"…\")].")
                : new EventContract(JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name), 1);
        }

        if (given.Name.Length == 0 || given.Name.EnumerateRunes().Count() > EnvelopeReader.MaxEventTypeCharacters)
            throw new EventTypeException(type, $"The [EventType] of {type.Name} must have 1 to {EnvelopeReader.MaxEventTypeCharacters} characters.");
        if (given.Version < 1)
            throw new EventTypeException(type, $"The version in the [EventType] of {type.Name} is {given.Version}; it must be 1 or more.");
        return new EventContract(given.Name, given.Version);
    }
}
