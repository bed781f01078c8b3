using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Commands.Produce;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Evidence;
using Millrace.Registry.Files;
using Millrace.Registry.Reports;
using Millrace.Registry.Versions;
using Millrace.Schemas;

namespace Millrace.Commands.Schema;

/// <summary>Says whether a schema that is not registered yet could come into force: by the rules, and by the events that are there.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("candidate") { Description = "The schema; - is standard input." };
        var type = new Option<string?>("--type") { HelpName = "TYPE", Description = "The event type. [default: that of a path TYPE/VERSION.json, or \"properties\": {\"eventType\": {\"const\": …}} of the schema]" };
        var evidence = new EvidenceOptions("--against", "Try it on the events stored since then, and on the dead letters that schemas refused.");
        Option<OutputFormat> format = FormatOption.Create(
            "json: {\"eventType\",\"accepted\",\"conflicts\":[…],\"evidence\":{\"since\",\"events\",\"rejected\",\"rejectedPercent\",\"examples\":[…],\"deadLetters\",\"rescued\"}}");
        var command = new ExampleCommand(
            "check", "Says whether a schema could be activated, by the level of its type and by the events that are stored; exit code 1 when not. Nothing is changed.",
            "millrace schema check candidate.json --type order_placed",
            "millrace schema check candidate.json --type order_placed --against \"last 7d\"",
            "millrace schema check schemas/order_placed/2.json --against last 7d --max-rejects 10 --format json")
        {
            file, type,
        };
        evidence.AddTo(command);
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetRequiredValue(file), parsed.GetValue(type), evidence.Window(parsed), evidence.MaxRejects(parsed),
            parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        MillraceOptions options, string path, string? type, TimeSpan? window, long maxRejects, OutputFormat format, CancellationToken cancellationToken)
    {
        JsonSchema candidate = SchemaFile.Compile(path, assertFormats: false);
        string eventType = type ?? TypeOf(path, candidate.Source) ?? throw new CommandFailedException(
            ExitCodes.Usage, $"'{path}' does not say which event type it is for: name it with --type.");
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        IReadOnlyList<Conflict> conflicts = await registry.Versions.ConflictsAsync(eventType, candidate, null, cancellationToken);
        EvidenceReport? evidence = window is { } span
            ? await EvidenceRun.RunAsync(registry, eventType, candidate, span, cancellationToken)
            : null;
        bool accepted = conflicts.Count == 0 && (evidence?.Rejected ?? 0) <= maxRejects;
        if (format == OutputFormat.Json)
        {
            var report = CheckReport.Of(eventType, accepted, conflicts, evidence);
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Readable.CheckReport));
        }
        else
        {
            Write(eventType, conflicts, evidence);
        }

        return accepted ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static void Write(string eventType, IReadOnlyList<Conflict> conflicts, EvidenceReport? evidence)
    {
        ChangeText.WriteConflicts(conflicts);
        Console.Error.WriteLine(conflicts.Count == 0
            ? $"By the level of {eventType} it may be activated."
            : $"By the level of {eventType} it may not be activated: it differs from version {string.Join(", ", conflicts.Select(c => c.Version).Distinct())}.");
        if (evidence is null)
            return;
        Console.Out.WriteLine(EvidenceRun.Sentence(evidence));
        EvidenceRun.WriteExamples(Console.Out, evidence);
    }

    private static string? TypeOf(string path, ReadOnlyMemory<byte> schema)
    {
        if (path != InputFile.StandardInput && SchemaDirectory.Parse(path) is { } named)
            return named.EventType;
        using var document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 1_000 });
        JsonElement found = document.RootElement;
        foreach (string name in (string[])["properties", "eventType", "const"])
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
                return null;
        }

        return found.ValueKind == JsonValueKind.String ? found.GetString() : null;
    }
}
