using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Activation;

namespace Millrace.Commands.Schema;

/// <summary>Puts a version into force, after the rules and, where asked, the stored events have agreed.</summary>
internal static class ActivateCommand
{
    public static Command Create()
    {
        var type = new Argument<string>("type") { Description = "The event type." };
        var version = new Argument<int>("version") { Description = "Its number." };
        var evidence = new EvidenceOptions("--require-evidence", "Try it first on the events stored since then, and on the dead letters; nothing changes when it refuses more than allowed.");
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = FormatOption.Create("json: {\"outcome\",\"eventType\",\"version\",\"state\",\"conflicts\":[…],\"warnings\":[],\"evidence\":{…}}");
        var command = new ExampleCommand(
            "activate", "Puts a version into force, in every running process within a second; exit code 1 when the level of the type or the stored events forbid it.",
            "millrace schema activate order_placed 2",
            "millrace schema activate order_placed 2 --require-evidence \"last 7d\" --max-rejects 10")
        {
            type, version,
        };
        evidence.AddTo(command);
        command.Add(actor);
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetRequiredValue(type), parsed.GetRequiredValue(version), evidence.Window(parsed), evidence.MaxRejects(parsed),
            parsed.GetValue(actor)!, parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        MillraceOptions options, string type, int version, TimeSpan? window, long maxRejects, string actor, OutputFormat format, CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        if (window is not { } span)
            return ChangeText.Write(type, version, await registry.Versions.ActivateAsync(type, version, actor, cancellationToken), null, format);

        ActivationResult result = await EvidenceRun.ShowAsync(
            progress => registry.ActivateAsync(type, version, actor, new EvidenceRequirement(span, maxRejects) { Progress = progress }, cancellationToken));
        if (result.Evidence is { } evidence && format == OutputFormat.Text)
        {
            Console.Out.WriteLine(EvidenceRun.Sentence(evidence));
            EvidenceRun.WriteExamples(Console.Out, evidence);
        }

        return ChangeText.Write(type, version, result.Change, result.Evidence, format);
    }
}
