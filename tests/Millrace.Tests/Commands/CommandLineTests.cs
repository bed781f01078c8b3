using System.CommandLine;
using System.CommandLine.Parsing;
using Millrace.Commands;

namespace Millrace.Tests.Commands;

/// <summary>What holds for every command there is.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string> Names => [.. MillraceCommand.Create().Subcommands.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Help_ends_with_an_example_of_the_command(string name)
    {
        var output = new StringWriter();

        int code = await MillraceCommand.Create().Parse([name, "--help"]).InvokeAsync(new InvocationConfiguration { Output = output });

        Assert.Equal(0, code);
        string examples = output.ToString().Split("Examples:\n")[1];
        Assert.Contains($"millrace {name}", examples, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_are_command_lines_that_parse(string name)
    {
        RootCommand root = MillraceCommand.Create();
        var command = (ExampleCommand)root.Subcommands.Single(c => c.Name == name);

        foreach (string example in command.Examples)
        {
            string arguments = example[(example.IndexOf("millrace ", StringComparison.Ordinal) + "millrace ".Length)..];
            Assert.Empty(root.Parse([.. CommandLineParser.SplitCommandLine(arguments)]).Errors);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Command_offers_json(string name) =>
        Assert.Contains(MillraceCommand.Create().Subcommands.Single(c => c.Name == name).Options, o => o.Name is "--format" or "--json");

    [Fact]
    public void Commands_are_those_of_the_documentation() => Assert.Superset(
        new HashSet<string> { "up", "run", "produce", "generate", "tail", "status", "topics", "groups", "sql", "version" },
        Names.Select(row => row.Data).ToHashSet());

    [Theory]
    [InlineData("generate --bad 101%")]
    [InlineData("generate --count 0")]
    [InlineData("generate --rate 0")]
    [InlineData("generate --users -1")]
    [InlineData("tail -n 0")]
    [InlineData("tail --format xml")]
    [InlineData("status --format 1")]
    [InlineData("nonsense")]
    public async Task Wrong_command_line_is_a_usage_error(string line) =>
        Assert.Equal(ExitCodes.Usage, await MillraceCommand.RunAsync(line.Split(' ')));

    [Theory]
    [InlineData("status")]
    [InlineData("topics")]
    [InlineData("groups")]
    [InlineData("tail")]
    [InlineData("produce /dev/null")]
    [InlineData("generate --count 1")]
    [InlineData("sql -c select")]
    public async Task Nothing_running_has_an_exit_code_of_its_own(string line) =>
        Assert.Equal(ExitCodes.NotRunning, await MillraceCommand.RunAsync([.. line.Split(' '), "--data", "/nonexistent"]));
}
