using BenchmarkDotNet.Attributes;
using Millrace.Events;
using Millrace.Schemas.Catalog;

namespace Millrace.Schemas.Benchmarks;

/// <summary>What the pipeline does with each event before it is a row: its envelope is read, and then it is judged by the schema of its type.</summary>
[MemoryDiagnoser]
public class EventBenchmarks
{
    private readonly SchemaCatalog _schemas;
    private readonly byte[] _event;

    public EventBenchmarks()
    {
        _event = BenchData.Read("event.valid");
        var schema = JsonSchema.Compile(BenchData.Read("event.schema"), SchemaOptions.Default);
        _schemas = new SchemaCatalog(
            [new TypeSchemas("page.viewed", SchemaMode.Enforce, 1, new Dictionary<int, JsonSchema> { [1] = schema })], UnknownTypes.Reject);
        if (Judged().Version != 1)
        {
            throw new InvalidOperationException($"The event should fit: {Judged().Detail}");
        }
    }

    [Benchmark(Baseline = true, Description = "envelope")]
    public int Envelope()
    {
        EnvelopeReader.Read(_event, out var envelope, out _);
        return envelope.EventType.Length;
    }

    [Benchmark(Description = "envelope and schema")]
    public SchemaVerdict Judged()
    {
        EnvelopeReader.Read(_event, out var envelope, out _);
        return _schemas.Judge(envelope, _event);
    }
}
