using System.Text;
using BenchmarkDotNet.Attributes;

namespace Millrace.Schemas.Benchmarks;

/// <summary>Millrace against NJsonSchema on three schemas as people publish them, on data that fits and on data that does not, in the same run.</summary>
/// <remarks>
/// Each gets what its API wants: UTF-8 here, a string there, so that neither pays for the other's encoding. NJsonSchema has no answer without a report;
/// <see cref="MillraceReport"/> is the one that compares like with like on invalid data.
/// </remarks>
[MemoryDiagnoser]
public class ValidationBenchmarks
{
    private JsonSchema _millrace = null!;
    private NJsonSchema.JsonSchema _peer = null!;
    private byte[] _utf8 = null!;
    private string _text = null!;

    [Params("event", "order", "features")]
    public string Schema { get; set; } = "";

    [Params("valid", "invalid")]
    public string Data { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var schema = BenchData.Read($"{Schema}.schema");
        _utf8 = BenchData.Read($"{Schema}.{Data}");
        _text = Encoding.UTF8.GetString(_utf8);
        _millrace = JsonSchema.Compile(schema, SchemaOptions.Default);
        _peer = NJsonSchema.JsonSchema.FromJsonAsync(Encoding.UTF8.GetString(schema)).GetAwaiter().GetResult();

        // A validator that gives the wrong answer quickly is not measured.
        var expected = Data == "valid";
        if (Millrace() != expected || MillraceReport() != expected || (Peer() == 0) != expected)
        {
            throw new InvalidOperationException($"{Schema}.{Data} should be {Data}: Millrace {Millrace()}, with report {MillraceReport()}, NJsonSchema {Peer()} errors.");
        }
    }

    [Benchmark(Description = "Millrace IsValid")]
    public bool Millrace() => _millrace.IsValid(_utf8);

    [Benchmark(Description = "Millrace Evaluate")]
    public bool MillraceReport() => _millrace.Evaluate(_utf8).Valid;

    [Benchmark(Baseline = true, Description = "NJsonSchema Validate")]
    public int Peer() => _peer.Validate(_text).Count;
}
