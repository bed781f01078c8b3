using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Operations;
using Millrace.Registry;

namespace Millrace.Commands;

/// <summary>The root: every command is listed here, and every way a command can fail becomes a sentence and an exit code here.</summary>
internal static class MillraceCommand
{
    // What the system calls a reader that went away (| head): the end of our work, not an error.
    private const int BrokenPipe = 32;

    // Made one by one: to make all of them takes longer than many of them run.
    private static readonly (string Name, Func<Command> Create)[] Commands =
    [
        ("up", UpCommand.Create),
        ("run", RunCommand.Create),
        ("produce", ProduceCommand.Create),
        ("generate", GenerateCommand.Create),
        ("tail", TailCommand.Create),
        ("status", StatusCommand.Create),
        ("topics", TopicsCommand.Create),
        ("groups", GroupsCommand.Create),
        ("dlq", DlqCommand.Create),
        ("schema", SchemaCommand.Create),
        ("parked", ParkedCommand.Create),
        ("verify", VerifyCommand.Create),
        ("trace", TraceCommand.Create),
        ("sql", SqlCommand.Create),
        ("broker", BrokerCommand.Create),
        ("bench", BenchCommand.Create),
        ("chaos", ChaosCommand.Create),
        ("version", VersionCommand.Create),
    ];

    public static RootCommand Create() => Create(Commands);

    /// <summary>The root with the one command that these arguments begin with; with all of them where they begin otherwise, as where help is asked for.</summary>
    public static RootCommand CreateFor(IReadOnlyList<string> arguments)
    {
        var called = Array.FindAll(Commands, c => arguments.Count > 0 && c.Name == arguments[0]);
        return Create(called.Length > 0 ? called : Commands);
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = CreateFor(arguments).Parse(arguments);
        if (parsed.Action is ParseErrorAction && arguments.Length > 0)
        {
            // What could not be parsed says more than what is missing because of it, which comes first.
            return Fail(ExitCodes.Usage, $"{parsed.Errors[^1].Message}\n'{HelpLine(parsed)}' says more.");
        }

        try
        {
            // Signals are each command's own: the library would end the process before the pipeline has drained.
            int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
        }
        catch (Exception e)
        {
            return Fail(e);
        }
    }

    private static RootCommand Create((string Name, Func<Command> Create)[] commands)
    {
        var root = new RootCommand("Millrace: events from any Kafka producer, or over HTTP, into PostgreSQL, each exactly once.");
        foreach (var (_, create) in commands)
            root.Add(create());
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new ExampleHelpAction((HelpAction)help.Action!);
        return root;
    }

    private static string HelpLine(ParseResult parsed)
    {
        IEnumerable<string> names = Ancestry(parsed.CommandResult).Reverse().Select(c => c.Command is RootCommand ? Product.CommandName : c.Command.Name);
        return string.Join(' ', names.Append("--help"));
    }

    private static IEnumerable<CommandResult> Ancestry(CommandResult command)
    {
        for (CommandResult? c = command; c is not null; c = c.Parent as CommandResult)
            yield return c;
    }

    private static int Fail(Exception exception) => exception switch
    {
        CommandFailedException e => Fail(e.ExitCode, e.Message),
        OptionsException e => Fail(ExitCodes.Usage, e.Message),
        StartException e => Fail(ExitCodes.StartFailed, e.Message),
        OperationsException e => Fail(e.IsTransient ? ExitCodes.NotRunning : ExitCodes.Failed, e.Message),
        RegistryException e => Fail(e.IsTransient ? ExitCodes.NotRunning : ExitCodes.Failed, e.Message),
        OperationCanceledException => ExitCodes.Interrupted,
        IOException e when (e.HResult & 0xFFFF) == BrokenPipe => ExitCodes.Success,
        _ => Fail(ExitCodes.Failed, $"this is a defect of millrace; please report it with all of this:\n{exception}"),
    };

    private static int Fail(int code, string message)
    {
        foreach (string line in message.Split('\n'))
            Console.Error.WriteLine(line.StartsWith(' ') ? line : $"millrace: {line}");
        return code;
    }
}
