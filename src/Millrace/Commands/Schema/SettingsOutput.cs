using System.CommandLine;
using System.Text.Json;
using Millrace.Registry;
using Millrace.Registry.Reports;

namespace Millrace.Commands.Schema;

/// <summary>How <c>schema mode</c> and <c>schema level</c> tell what holds after them.</summary>
internal static class SettingsOutput
{
    public static Option<OutputFormat> CreateFormat() => FormatOption.Create(
        "json: {\"type\":{\"eventType\",\"mode\",\"level\",\"strict\"},\"default\":{…},\"unknownTypes\"}, as it is then");

    public static CommandFailedException NoEventType(string type) =>
        new(ExitCodes.Usage, $"'{type}' cannot be an event type: it has 1 to 200 characters.");

    public static async Task WriteAsync(SchemaRegistry registry, string? type, OutputFormat format, CancellationToken cancellationToken)
    {
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(await SettingsReport.ReadAsync(registry.Settings, type, cancellationToken), ReportJson.Readable.SettingsReport));
    }
}
