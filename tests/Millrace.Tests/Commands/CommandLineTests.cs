using System.CommandLine;
using System.CommandLine.Parsing;
using Millrace.Commands;

namespace Millrace.Tests.Commands;

/// <summary>What holds for every command there is.</summary>
public sealed class CommandLineTests
{
    /// <summary>Every command that help shows, those below others too: <c>dlq</c>, <c>dlq list</c>, …</summary>
    public static TheoryData<string> Names => [.. All().Select(c => c.Name)];

    /// <summary>Those that do something by themselves, and show data.</summary>
    public static TheoryData<string> NamesWithData => [.. All().Where(c => c.Command.Action is not null && c.Name != "dlq export").Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Help_ends_with_an_example_of_the_command(string name)
    {
        var output = new StringWriter();

        int code = await MillraceCommand.Create().Parse([.. name.Split(' '), "--help"]).InvokeAsync(new InvocationConfiguration { Output = output });

        Assert.Equal(0, code);
        string examples = output.ToString().Split("Examples:\n")[1];
        Assert.Contains($"millrace {name}", examples, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Help_says_each_default_once(string name)
    {
        var output = new StringWriter();

        await MillraceCommand.Create().Parse([.. name.Split(' '), "--help"]).InvokeAsync(new InvocationConfiguration { Output = output });

        Assert.DoesNotContain(output.ToString().Split('\n'), line => line.Split("[default: ").Length > 2);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_are_command_lines_that_parse(string name)
    {
        RootCommand root = MillraceCommand.Create();

        foreach (string example in Assert.IsType<ExampleCommand>(Find(name)).Examples)
        {
            string arguments = example[(example.IndexOf("millrace ", StringComparison.Ordinal) + "millrace ".Length)..];
            Assert.Empty(root.Parse([.. CommandLineParser.SplitCommandLine(arguments)]).Errors);
        }
    }

    [Fact]
    public void Command_that_is_called_is_the_only_one_that_is_made() => Assert.All(
        MillraceCommand.Create().Subcommands,
        c => Assert.Equal(c.Name, Assert.Single(MillraceCommand.CreateFor([c.Name, "--help"]).Subcommands).Name));

    [Theory]
    [InlineData("--help")]
    [InlineData("nonsense")]
    [InlineData("[suggest]")]
    public void Where_no_command_is_called_all_are_made(string argument) =>
        Assert.Equal(MillraceCommand.Create().Subcommands.Count, MillraceCommand.CreateFor([argument]).Subcommands.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_where_an_option_wants_a_number_is_an_error_that_names_the_option(string name)
    {
        Type[] numbers = [typeof(int), typeof(long), typeof(double), typeof(int?), typeof(long?), typeof(double?), typeof(int[])];
        RootCommand root = MillraceCommand.Create();

        foreach (Option option in Find(name).Options.Where(o => numbers.Contains(o.ValueType)))
        {
            // Others may miss arguments; what counts is that this one is named, and that nothing is thrown.
            ParseResult parsed = root.Parse([.. name.Split(' '), option.Name, "1x"]);
            Assert.Contains(parsed.Errors, e => e.Message.Contains(option.Name, StringComparison.Ordinal) || option.Aliases.Any(a => e.Message.StartsWith(a, StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(NamesWithData))]
    public void Command_offers_json(string name) => Assert.Contains(Find(name).Options, o => o.Name is "--format" or "--json");

    [Fact]
    public void Commands_are_those_of_the_documentation() => Assert.Superset(
        new HashSet<string>
        {
            "up", "run", "produce", "generate", "tail", "status", "topics", "groups", "groups resolve", "sql", "version", "verify", "trace",
            "dlq", "dlq list", "dlq show", "dlq replay", "dlq discard", "dlq export", "parked", "parked list", "parked show", "parked retry",
        },
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
    [InlineData("dlq")]
    [InlineData("dlq show")]
    [InlineData("dlq show 12")]
    [InlineData("dlq list --since yesterday")]
    [InlineData("dlq list --state old")]
    [InlineData("dlq replay")]
    [InlineData("dlq replay --dry-run --rate 5")]
    [InlineData("dlq replay --all --rate 0")]
    [InlineData("dlq replay --all --max-attempts 0")]
    [InlineData("dlq replay --all --patch /nonexistent/patch.json")]
    [InlineData("dlq discard --because tidy")]
    [InlineData("dlq discard --all")]
    [InlineData("parked list --limit 0")]
    [InlineData("groups resolve --partition 2")]
    [InlineData("groups resolve --to earliest")]
    [InlineData("groups resolve --partition 2 --to somewhere")]
    [InlineData("verify --since 5x")]
    [InlineData("trace")]
    [InlineData("trace order-4711")]
    [InlineData("trace 0197f2a0-4c1e-7b6a-9d53-2f7c1a0e6b41 --correlation order-4711")]
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
    [InlineData("groups resolve")]
    [InlineData("dlq list")]
    [InlineData("dlq export")]
    [InlineData("parked")]
    [InlineData("verify")]
    [InlineData("trace 0197f2a0-4c1e-7b6a-9d53-2f7c1a0e6b41")]
    public async Task Nothing_running_has_an_exit_code_of_its_own(string line) =>
        Assert.Equal(ExitCodes.NotRunning, await MillraceCommand.RunAsync([.. line.Split(' '), "--data", "/nonexistent"]));

    private static Command Find(string name) => All().Single(c => c.Name == name).Command;

    private static IEnumerable<(string Name, Command Command)> All() => Below("", MillraceCommand.Create());

    private static IEnumerable<(string Name, Command Command)> Below(string path, Command parent) =>
        parent.Subcommands.Where(c => !c.Hidden).SelectMany(c => Below($"{path}{c.Name} ", c).Prepend(($"{path}{c.Name}", c)));
}
