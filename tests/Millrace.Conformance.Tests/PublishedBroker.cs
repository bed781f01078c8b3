using System.Diagnostics;
using Millrace.Conformance.Tests;
using Millrace.Conformance.Tests.Clients;
using Millrace.Testing;

[assembly: AssemblyFixture(typeof(PublishedBroker))]

namespace Millrace.Conformance.Tests;

/// <summary>
/// <c>millrace-broker</c> as <c>dotnet publish</c> makes it, machine code without .NET, and what Confluent.Kafka found there: what a compiler that
/// sees the whole program leaves out shows only when it runs.
/// </summary>
public sealed class PublishedBroker : IAsyncDisposable
{
    /// <summary>Compiling takes a minute of both cores of a small machine, and may share them.</summary>
    private static readonly TimeSpan PublishLimit = TimeSpan.FromMinutes(8);

    private readonly Lazy<Task<IReadOnlyDictionary<string, string>>> _outcomes;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-published-");
    private readonly ServerCertificate _certificate = new();
    private readonly List<Process> _processes = [];

    public PublishedBroker() => _outcomes = new(RunAsync);

    private static ForeignClient Client { get; } = new ConfluentClient();

    private string Program => Path.Combine(_folder.FullName, "bin", "millrace-broker");

    public static IReadOnlyCollection<string> Scenarios => Client.Can;

    public async Task<string> OfAsync(string scenario) => (await _outcomes.Value).GetValueOrDefault(scenario, "no outcome");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<IReadOnlyDictionary<string, string>> RunAsync()
    {
        Requirement.Require(CommandLine.Exists("gcc") || CommandLine.Exists("clang"), "publishing millrace-broker needs a linker: gcc or clang");
        await PublishAsync();
        var users = Path.Combine(_folder.FullName, "users");
        await File.WriteAllTextAsync(users, $"{Listeners.User} {Listeners.Password}\n");
        var listeners = new Listeners(
            await StartAsync("plain", "--set", "log.cleaner.backoff.ms=200"),
            await StartAsync("sasl", "--users", users),
            await StartAsync("tls", "--tls", _certificate.WithKey),
            _certificate.Authority);
        return await Task.Run(() => Client.RunAsync(listeners));
    }

    private async Task PublishAsync()
    {
        var project = Path.Combine(SourceTree.Root, "src", "Millrace.Broker.Host");
        var result = await CommandLine.RunAsync(
            "dotnet", ["publish", project, "-c", SourceTree.Configuration, "-o", Path.GetDirectoryName(Program)!, "-nologo", "-v", "quiet", "-nodeReuse:false"], limit: PublishLimit);
        // The compiler is a package that nothing else needs; a registry without it is no fault of the broker.
        Assert.SkipWhen(result.ExitCode != 0 && result.Output.Contains("error NU1", StringComparison.Ordinal), $"the compiler cannot be restored: {result.Output}");
        result.ShouldSucceed();
    }

    private async Task<string> StartAsync(string name, params string[] options)
    {
        var start = new ProcessStartInfo(Program, ["--data", Path.Combine(_folder.FullName, name), "--port", "0", .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // There is a .NET on this machine, which it must not need.
        start.Environment["DOTNET_ROOT"] = "/nonexistent";
        var process = Process.Start(start)!;
        _processes.Add(process);
        process.BeginErrorReadLine();
        var ready = await process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit);
        Assert.StartsWith("ready ", ready, StringComparison.Ordinal);
        return ready!["ready ".Length..];
    }
}
