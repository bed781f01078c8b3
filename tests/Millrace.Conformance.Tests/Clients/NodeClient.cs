using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>kafkajs.</summary>
public sealed class NodeClient() : ScriptClient("conformance.js")
{
    private readonly Dictionary<string, string> _environment = [];

    public override string Name => "kafkajs";

    public override async Task<string?> MissingAsync()
    {
        const string missing = "kafkajs is not installed (npm install --global kafkajs@2.2.4)";
        if (!CommandLine.Exists("node") || !CommandLine.Exists("npm"))
            return missing;
        _environment["NODE_PATH"] = (await CommandLine.RunAsync("npm", ["root", "--global"])).ShouldSucceed().Output.Trim();
        var found = await CommandLine.RunAsync("node", ["-e", "require.resolve('kafkajs')"], environment: _environment);
        return found.ExitCode == 0 ? null : missing;
    }

    protected override Task<CommandResult> RunAsync(IEnumerable<string> arguments, TimeSpan limit) =>
        CommandLine.RunAsync("node", arguments, limit: limit, environment: _environment);
}
