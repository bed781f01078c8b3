using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Reports;
using Millrace.Terminal;

namespace Millrace.Commands.Schema;

/// <summary>Types with their versions and settings.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        Option<OutputFormat> format = FormatOption.Create(
            "json: {\"unknownTypes\",\"types\":[{\"eventType\",\"mode\",\"level\",\"strict\",\"active\",\"versions\":[{\"version\",\"id\",\"state\",\"registeredAt\",\"registeredBy\"}]}]}");
        var command = new ExampleCommand(
            "list", "Lists event types with their versions, what is in force, and what happens to events that do not fit.",
            "millrace schema list", "millrace schema list --format json");
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Load(parsed), parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, OutputFormat format, CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        ListReport report = ListReport.Of(
            await registry.Versions.AllAsync(cancellationToken), await registry.Settings.AllAsync(cancellationToken), await registry.Settings.DefaultsAsync(cancellationToken));
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Readable.ListReport));
            return ExitCodes.Success;
        }

        if (report.Types.Count > 0)
        {
            DataTable.Write(
                Console.Out, ["TYPE", "IN FORCE", "DRAFTS", "DEPRECATED", "MODE", "LEVEL"],
                report.Types.Select(t => new object?[]
                {
                    t.EventType, t.Active, Numbers(t, "draft"), Numbers(t, "deprecated"), t.Mode, t.Level + (t.Strict ? ", strict" : ""),
                }));
        }

        Console.Error.WriteLine(report.Types.Count == 0
            ? $"No schemas yet: '{Product.CommandName} schema infer TYPE' proposes one from stored events. Events of types without a schema: {report.UnknownTypes}."
            : $"{report.Types.Count:N0} type(s). Events of other types: {report.UnknownTypes}.");
        return ExitCodes.Success;
    }

    private static string? Numbers(ListedType type, string state)
    {
        string numbers = string.Join(", ", type.Versions.Where(v => v.State == state).Select(v => v.Version));
        return numbers.Length == 0 ? null : numbers;
    }
}
