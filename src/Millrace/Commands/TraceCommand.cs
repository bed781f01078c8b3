using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Commands.Trace;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.Traces;

namespace Millrace.Commands;

/// <summary>Where is my event?</summary>
internal static class TraceCommand
{
    public static Command Create()
    {
        var id = new Argument<Guid?>("event id")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The event's eventId.",
            CustomParser = result =>
            {
                if (Guid.TryParse(result.Tokens[0].Value, out Guid parsed))
                    return parsed;
                result.AddError($"'{result.Tokens[0].Value}' is not an event id, which is a UUID. For a correlation id there is --correlation.");
                return null;
            },
        };
        var correlation = new Option<string?>("--correlation") { HelpName = "ID", Description = $"All events with this correlation id, at most {EventTracer.MaxEvents:N0}." };
        Option<OutputFormat> format = FormatOption.Create(
            "json: {\"eventId\",\"outcome\",\"sentence\",\"eventType\",\"userId\",\"correlationId\",\"topic\",\"partition\",\"offset\",\"acceptedAt\",\"committedAt\",\"flush\",\"payload\",\"dead\",\"parked\",\"waiting\"}, with --correlation an array; outcomes are stored, dead, parked, inTopic and unknown");
        var command = new ExampleCommand(
            "trace", "Says where an event is: stored, dead and why, parked behind what, or still in the topic; exit code 1 when it is nowhere.",
            "millrace trace 0197f2a0-4c1e-7b6a-9d53-2f7c1a0e6b41", "millrace trace --correlation order-4711 --format json")
        {
            id, correlation,
        };
        command.Validators.Add(r =>
        {
            if (r.GetResult(id)?.Tokens.Count is null or 0 == (r.GetResult(correlation) is null))
                r.AddError("Which event? Give its id, or --correlation.");
        });
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetValue(id), parsed.GetValue(correlation), parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, Guid? id, string? correlation, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        if (id is { } one)
        {
            EventTrace trace = await operations.Tracer.ByIdAsync(one, cancellationToken);
            if (format == OutputFormat.Json)
                Console.Out.WriteLine(JsonSerializer.Serialize(TraceReport.Of(trace), OperationsJson.Default.TraceReport));
            else
                TraceText.Write(Console.Out, trace);
            return trace.Outcome == TraceOutcome.Unknown ? ExitCodes.Failed : ExitCodes.Success;
        }

        IReadOnlyList<EventTrace> traces = await operations.Tracer.ByCorrelationAsync(correlation!, cancellationToken);
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize([.. traces.Select(TraceReport.Of)], OperationsJson.Default.TraceReportArray));
        else if (traces.Count == 0)
            Console.Error.WriteLine($"No event with correlation id '{correlation}' was found.");
        else
            TraceText.WriteMany(Console.Out, traces);
        return traces.Count == 0 ? ExitCodes.Failed : ExitCodes.Success;
    }
}
