using System.CommandLine;
using System.Text.Json;
using Millrace.Registry;
using Millrace.Registry.Reports;
using Millrace.Schemas.Compatibility;

namespace Millrace.Commands.Schema;

/// <summary>Compares two schemas, and says whether the newer one is safe. Needs nothing running.</summary>
internal static class DiffCommand
{
    private const CompatibilityLevel DefaultLevel = CompatibilityLevel.Backward;

    public static Command Create()
    {
        var older = new Argument<string>("old") { Description = "The schema that is there." };
        var newer = new Argument<string>("new") { Description = "The schema that is to come." };
        Option<CompatibilityLevel?> level = LevelOption.Create(DefaultLevel);
        var strict = new Option<bool>("--strict") { Description = "Let an optional property that is added to an open object count as a break." };
        Option<OutputFormat> format = FormatOption.Create("json: {\"compatible\",\"differences\":[{\"pointer\",\"kind\",\"breaks\":[\"backward\",\"forward\"],\"message\"}]}");
        var command = new ExampleCommand(
            "diff", "Compares two schemas; exit code 0 when the newer one keeps what the level promises, 1 when not, 2 when a schema or the arguments are wrong.",
            "millrace schema diff order_placed/1.json order_placed/2.json",
            "millrace schema diff old.json new.json --level FULL --strict --format json")
        {
            older, newer, level, strict, format,
        };
        command.SetAction((parsed, _) => Task.FromResult(Run(
            parsed.GetRequiredValue(older), parsed.GetRequiredValue(newer), parsed.GetValue(level) ?? DefaultLevel, parsed.GetValue(strict), parsed.GetValue(format))));
        return command;
    }

    private static int Run(string older, string newer, CompatibilityLevel level, bool strict, OutputFormat format)
    {
        SchemaDiff diff = SchemaCompatibility.Compare(SchemaFile.Compile(older, assertFormats: false), SchemaFile.Compile(newer, assertFormats: false), strict);
        DiffReport report = DiffReport.Of(diff, level);
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Readable.DiffReport));
        else
            DifferenceText.Write(Console.Out, Console.Error, report, $"'{newer}' is{(report.Compatible ? "" : " not")} compatible with '{older}' at level {level.Code()}.");
        return report.Compatible ? ExitCodes.Success : ExitCodes.Failed;
    }
}
