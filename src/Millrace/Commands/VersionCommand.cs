using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Millrace.Commands;

internal static class VersionCommand
{
    public static Command Create()
    {
        Option<OutputFormat> format = FormatOption.Create("text, or json: {\"version\",\"commit\",\"dotnet\",\"platform\"}");
        var command = new ExampleCommand("version", "Shows which build this is.", "millrace version", "millrace version --format json") { format };
        command.SetAction(parsed =>
        {
            var version = new VersionReport(Product.Version, Product.Commit, Environment.Version.ToString(), RuntimeInformation.RuntimeIdentifier);
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine(parsed.GetValue(format) == OutputFormat.Json
                ? JsonSerializer.Serialize(version, JsonContext.Default.VersionReport)
                : $"millrace {version.Version} ({(version.Commit is { } commit ? $"commit {commit[..12]}, " : "")}.NET {version.Dotnet}, {version.Platform})");
        });
        return command;
    }
}

/// <summary>The shape of <c>version --format json</c>. The commit is null in a build outside a repository.</summary>
internal sealed record VersionReport(string Version, string? Commit, string Dotnet, string Platform);
