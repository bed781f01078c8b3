using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Client;

/// <summary>
/// The JSON Schema (2020-12) of a type of events: what <see cref="MillraceProducer"/> writes for it fits, and the envelope is that of the contract,
/// so that events of other producers fit as well. Objects are open, so that a later version may add to them.
/// </summary>
public static class EventSchema
{
    /// <summary>
    /// Makes the schema. Descriptions come from <c>[Description]</c>, and from the XML documentation that the compiler wrote where it lies
    /// beside the application (<c>GenerateDocumentationFile</c>).
    /// </summary>
    /// <param name="type">The type, which derives from <see cref="Event"/>.</param>
    /// <param name="options">How its events become JSON: <see cref="EventJson.CreateOptions"/>.</param>
    /// <exception cref="EventTypeException">The type cannot be used for events, or the options do not know it.</exception>
    public static JsonObject Export(Type type, JsonSerializerOptions options) => Export(type, options, AppContext.BaseDirectory);

    /// <summary>Makes the schema, with the XML documentation files of a folder.</summary>
    /// <param name="type">The type, which derives from <see cref="Event"/>.</param>
    /// <param name="options">How its events become JSON: <see cref="EventJson.CreateOptions"/>.</param>
    /// <param name="documentation">The folder that holds <c>ASSEMBLY.xml</c> for the assemblies that have one.</param>
    /// <exception cref="EventTypeException">The type cannot be used for events, or the options do not know it.</exception>
    public static JsonObject Export(Type type, JsonSerializerOptions options, string documentation)
    {
        if (type.IsAbstract)
            throw new EventTypeException(type, $"{type.Name} is abstract: there are no events of it, and so no schema.");
        var contract = EventContract.Of(type);
        try
        {
            var body = new SchemaWriter(options, new Descriptions(documentation)).Write(type);
            return Envelope.Put(body, contract, type);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            throw new EventTypeException(type, $"{type.Name} has no schema: {e.Message}", e);
        }
    }

    /// <summary>The <c>eventType</c> of a type of events.</summary>
    /// <param name="type">The type, which derives from <see cref="Event"/>.</param>
    /// <exception cref="EventTypeException">The type cannot be used for events.</exception>
    public static string EventTypeOf(Type type) => EventContract.Of(type).EventType;

    /// <summary>The <c>schemaVersion</c> of a type of events.</summary>
    /// <param name="type">The type, which derives from <see cref="Event"/>.</param>
    /// <exception cref="EventTypeException">The type cannot be used for events.</exception>
    public static int VersionOf(Type type) => EventContract.Of(type).Version;
}
