using System.Text.Json;
using Millrace.Events.Json;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Inference;

/// <summary>Proposes a schema from events. Not for several threads at once.</summary>
/// <remarks>
/// It says what all events had in common: types, names that were in each, few distinct texts as an <c>enum</c>, formats that each text had. It does not guess
/// ranges, and leaves objects open: what the next event brings is for people to decide. Its memory is bounded by what it follows, not by the number of events.
/// </remarks>
public sealed class SchemaInference
{
    private readonly InferredValue _root = new(new InferenceBudget());

    /// <summary>How many events have been added.</summary>
    public long Events => _root.Count;

    /// <summary>Takes one more event into account.</summary>
    /// <param name="utf8Event">The event, JSON in UTF-8.</param>
    /// <exception cref="JsonException">It is not JSON, or not such that it can be judged; the message says why.</exception>
    public void Add(ReadOnlySpan<byte> utf8Event)
    {
        var scratch = Scratch.Take();
        try
        {
            var problem = scratch.Read(utf8Event, out var view, out var position);
            if (problem != JsonProblem.None)
            {
                throw new JsonException($"The event cannot be read: {JsonProblems.Describe(problem, position)}.");
            }

            _root.Add(view, 0, scratch, depth: 0);
        }
        finally
        {
            scratch.GiveBack();
        }
    }

    /// <summary>The schema that all events so far fit, 2020-12, indented for people. Without events it accepts everything.</summary>
    public ReadOnlyMemory<byte> ToSchema()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", Compilation.Dialect.Draft202012.Metaschema.ToString());
            _root.WriteKeywords(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
