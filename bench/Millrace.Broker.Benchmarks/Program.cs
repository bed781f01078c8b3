using System.CommandLine;
using BenchmarkDotNet.Running;
using Millrace.Broker.Benchmarks;

var root = new RootCommand("Measures the embedded broker, beside Apache Kafka where that can be compared.")
{
    CompareCommand.Create(),
    ScaleCommand.Create(),
    Allocations(),
    CeilingCommand.Create(),
};
return await root.Parse(args).InvokeAsync();

static Command Allocations()
{
    var command = new Command("allocations", "Allocation and time of a Produce and a Fetch on the wire, by BenchmarkDotNet.");
    command.SetAction(_ => { BenchmarkRunner.Run<WireBenchmarks>(); });
    return command;
}
