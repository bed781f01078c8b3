using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Millrace.Events;

namespace Millrace.Client;

/// <summary>How events become JSON; the producer and the schemas share it.</summary>
public static class EventJson
{
    /// <summary>
    /// The options for the types of a context: the context's own, with camel case where it has no naming policy and what the contract of
    /// events needs. They cannot be changed.
    /// </summary>
    /// <param name="context">
    /// The application's context, with <c>[JsonSerializable(typeof(…))]</c> for each type of events. Null where reflection may be
    /// used instead, which an application that is compiled ahead of time or trimmed cannot.
    /// </param>
    /// <exception cref="InvalidOperationException">There is no context, and reflection is disabled.</exception>
    public static JsonSerializerOptions CreateOptions(JsonSerializerContext? context)
    {
        var options = context is null
            ? new JsonSerializerOptions { TypeInfoResolver = Reflection() }
            : new JsonSerializerOptions(context.Options) { TypeInfoResolver = context };
        options.PropertyNamingPolicy ??= JsonNamingPolicy.CamelCase;
        options.WriteIndented = false;
        // The type and the version of an event are read-only properties.
        options.IgnoreReadOnlyProperties = false;
        if (options.MaxDepth == 0)
            options.MaxDepth = EnvelopeReader.MaxDepth;
        options.MakeReadOnly();
        return options;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Trimmed applications have reflection disabled, which is asked first.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Applications compiled ahead of time have reflection disabled, which is asked first.")]
    private static IJsonTypeInfoResolver Reflection() => JsonSerializer.IsReflectionEnabledByDefault
        ? new DefaultJsonTypeInfoResolver()
        : throw new InvalidOperationException(
            "Reflection is disabled in this application, so events need a JsonSerializerContext with [JsonSerializable(typeof(…))] for each of their types.");
}
