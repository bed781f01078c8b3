using System.Text.Json;
using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>A client in another language: one run of its script does all scenarios against one broker.</summary>
public abstract class ScriptClient(string script) : ForeignClient
{
    /// <summary>The scripts take some seconds; this only ends one that hangs, after its scenarios had their own limit of 45 s.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Read from the script, so that it stands in one place, also where the language is not installed.</summary>
    public override IReadOnlyCollection<string> Can { get; } = NamedIn(File.ReadAllText(Path(script)));

    public override async Task<IReadOnlyDictionary<string, string>> RunAsync(Listeners listeners)
    {
        string[] arguments =
        [
            Path(script), listeners.Plain, listeners.Sasl, listeners.Tls, listeners.Authority, Listeners.User, Listeners.Password, Listeners.WrongPassword,
        ];
        var result = (await RunAsync(arguments, Limit)).ShouldSucceed();
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("scenario").GetString()!, line => line.GetProperty("outcome").GetString()!);
    }

    protected abstract Task<CommandResult> RunAsync(IEnumerable<string> arguments, TimeSpan limit);

    private static string Path(string script) => System.IO.Path.Combine(AppContext.BaseDirectory, "Scripts", script);

    private static string[] NamedIn(string source) => [.. Scenario.All.Select(scenario => scenario.Id).Where(id => Names(source, id))];

    /// <summary>Whether the table at the end of the script has a line for the scenario.</summary>
    private static bool Names(string source, string id) =>
        source.Contains($"\n    \"{id}\": ", StringComparison.Ordinal)
        || source.Contains($"\n  '{id}': ", StringComparison.Ordinal)
        || source.Contains($"\n  {id}: ", StringComparison.Ordinal)
        || source.Contains($"\n  {id},\n", StringComparison.Ordinal);
}
