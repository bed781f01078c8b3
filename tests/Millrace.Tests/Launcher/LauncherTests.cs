using Millrace.Testing;

namespace Millrace.Tests.Launcher;

/// <summary>The launcher script in a tree of its own, with a <c>dotnet</c> that only writes down that it was called.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string Dotnet =
        """
        #!/bin/sh
        case $1 in
          --version) exit ${FAKE_SDK_MISSING:-0} ;;
          --list-sdks) echo "8.0.100 [/sdk]"; exit 0 ;;
        esac
        if [ -n "$FAKE_FAIL" ]; then echo "error CS1002: ; expected"; exit 1; fi
        echo "built quietly"
        echo build >> "$FAKE_BUILDS"
        printf '#!/bin/sh\necho "$PWD|$MILLRACE_COMMAND|$*"\nexit 7\n' > src/Millrace/bin/Release/net10.0/millrace
        chmod +x src/Millrace/bin/Release/net10.0/millrace
        """;

    private readonly TemporaryDirectory _directory = new();

    public LauncherTests()
    {
        Directory.CreateDirectory(_directory.Below("repo/src/Millrace"));
        Directory.CreateDirectory(_directory.Below("bin"));
        Directory.CreateDirectory(_directory.Below("elsewhere"));
        File.Copy(Path.Combine(Repository(), "millrace"), Script);
        File.WriteAllText(_directory.Below("repo/src/Millrace/A.cs"), "");
        File.WriteAllText(_directory.Below("repo/src/Millrace/B.cs"), "");
        File.WriteAllText(_directory.Below("repo/global.json"), """{ "sdk": { "version": "10.0.400" } }""");
        File.WriteAllText(_directory.Below("bin/dotnet"), Dotnet);
        File.SetUnixFileMode(_directory.Below("bin/dotnet"), File.GetUnixFileMode(Script));
    }

    private string Script => _directory.Below("repo/millrace");

    private int Builds => File.Exists(_directory.Below("builds")) ? File.ReadAllLines(_directory.Below("builds")).Length : 0;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task First_call_builds_and_passes_everything_on()
    {
        CommandResult result = await RunAsync("sql", "-c", "SELECT 'a  b'");

        Assert.Equal($"{_directory.Below("elsewhere")}|{Script}|sql -c SELECT 'a  b'\n", result.Output);
        Assert.Equal("millrace: building…\n", result.Error);
        Assert.Equal(7, result.ExitCode);
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task Second_call_does_not_build()
    {
        await RunAsync();
        CommandResult second = await RunAsync();

        Assert.Equal("", second.Error);
        Assert.Equal(1, Builds);
    }

    [Theory]
    [InlineData("repo/src/Millrace/A.cs")]
    [InlineData("repo/global.json")]
    [InlineData("repo/src/Millrace/New.cs")]
    public async Task Changed_or_new_file_builds_again(string file)
    {
        await RunAsync();
        File.WriteAllText(_directory.Below(file), "{ }");
        File.SetLastWriteTimeUtc(_directory.Below(file), DateTime.UtcNow.AddSeconds(5));
        await RunAsync();

        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task Deleted_file_builds_again()
    {
        await RunAsync();
        File.Delete(_directory.Below("repo/src/Millrace/B.cs"));
        await RunAsync();
        await RunAsync();

        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task Call_through_a_link_finds_the_tree()
    {
        File.CreateSymbolicLink(_directory.Below("bin/millrace"), Script);

        CommandResult result = await RunAsync(_directory.Below("bin/millrace"), [], []);

        Assert.Equal(7, result.ExitCode);
    }

    [Fact]
    public async Task Failed_build_shows_what_it_said_and_is_tried_again()
    {
        CommandResult failed = await RunAsync(Script, [], new() { ["FAKE_FAIL"] = "1" });

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("error CS1002", failed.Error, StringComparison.Ordinal);
        Assert.Equal(7, (await RunAsync()).ExitCode);
    }

    [Fact]
    public async Task Missing_sdk_is_one_sentence()
    {
        CommandResult wrong = await RunAsync(Script, [], new() { ["FAKE_SDK_MISSING"] = "155" });
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("global.json asks for (10.0.400", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("8.0.100", wrong.Error, StringComparison.Ordinal);

        File.Delete(_directory.Below("bin/dotnet"));
        CommandResult none = await RunAsync(Script, [], new() { ["PATH"] = $"{_directory.Below("bin")}:{PathWithoutDotnet()}" });
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("the .NET 10 SDK is not installed", none.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(Script, arguments, []);

    private Task<CommandResult> RunAsync(string program, string[] arguments, Dictionary<string, string> environment)
    {
        environment.TryAdd("PATH", $"{_directory.Below("bin")}:{Environment.GetEnvironmentVariable("PATH")}");
        environment["FAKE_BUILDS"] = _directory.Below("builds");
        environment["MILLRACE_COMMAND"] = "";
        return CommandLine.RunAsync(program, arguments, environment: environment, directory: _directory.Below("elsewhere"));
    }

    /// <summary>A directory with links to the few programs that the script uses.</summary>
    private string PathWithoutDotnet()
    {
        string tools = _directory.Below("tools");
        Directory.CreateDirectory(tools);
        foreach (string tool in new[] { "env", "bash", "readlink", "dirname", "find", "sort", "cat", "mkdir", "flock" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), File.Exists($"/usr/bin/{tool}") ? $"/usr/bin/{tool}" : $"/bin/{tool}");
        return tools;
    }

    private static string Repository()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Millrace.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("no repository above the tests");
    }
}
