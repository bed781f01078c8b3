using Millrace.Testing;

namespace Millrace.Broker.Tests;

/// <summary>What <c>dotnet pack</c> makes is a broker in somebody else's project.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-package-").FullName;

    [Fact]
    public async Task Program_that_references_the_packages_starts_a_broker()
    {
        await PackAsync("Millrace.Protocol");
        await PackAsync("Millrace.Broker");
        Write("nuget.config", """<configuration><packageSources><clear /><add key="feed" value="feed" /></packageSources></configuration>""");

        // Its own folder for packages, so that these stay nowhere; those of others are where they were restored for the broker itself.
        Write("Program/Program.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>{_folder}/packages</RestorePackagesPath>
                <RestoreFallbackFolders>{await GlobalPackagesAsync()}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Millrace.Broker" Version="*" /></ItemGroup>
            </Project>
            """);
        Write("Program/Program.cs", """
            await using var kafka = await Millrace.Broker.EmbeddedBroker.StartAsync();
            Console.WriteLine($"started {kafka.BootstrapServers}");
            """);

        var run = (await DotnetAsync("run", "--project", "Program", "-v", "quiet")).ShouldSucceed();

        Assert.Matches("^started 127\\.0\\.0\\.1:[0-9]+\n$", run.Output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What has been built for these tests already.</summary>
    private async Task PackAsync(string project) => (await DotnetAsync(
        "pack", Path.Combine(SourceTree.Root, "src", project), "-c", SourceTree.Configuration, "--no-build", "-o", Path.Combine(_folder, "feed"), "-nologo", "-v", "quiet")).ShouldSucceed();

    /// <summary>Said as <c>global-packages: FOLDER</c>.</summary>
    private async Task<string> GlobalPackagesAsync() =>
        (await DotnetAsync("nuget", "locals", "global-packages", "--list")).ShouldSucceed().Output.Split(": ", 2)[1].Trim();

    private Task<CommandResult> DotnetAsync(params string[] arguments) => CommandLine.RunAsync(
        "dotnet", arguments, limit: TimeSpan.FromMinutes(4), directory: _folder, environment: new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_UI_LANGUAGE"] = "en" });

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
