namespace Millrace.Schemas.Inference;

/// <summary>Proposes a schema from events. Not for several threads at once.</summary>
public sealed class SchemaInference
{
    /// <summary>How many events have been added.</summary>
    public long Events { get; }

    /// <summary>Takes one more event into account.</summary>
    /// <param name="utf8Event">The event, JSON in UTF-8.</param>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    public void Add(ReadOnlySpan<byte> utf8Event) => throw new NotSupportedException();

    /// <summary>The schema that all events so far fit, 2020-12, indented for people.</summary>
    public ReadOnlyMemory<byte> ToSchema() => throw new NotSupportedException();
}
