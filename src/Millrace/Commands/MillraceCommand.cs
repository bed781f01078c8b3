using System.CommandLine;
using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Operations;
using Millrace.Registry;

namespace Millrace.Commands;

/// <summary>The root: every command is listed here, and which failures of the parts are written for people.</summary>
internal static class MillraceCommand
{
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
        ("broker", () => BrokerCommand.Create("broker", "millrace broker")),
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

    public static Task<int> RunAsync(string[] arguments) => CommandRun.RunAsync("millrace", CreateFor(arguments), arguments, Foresee);

    private static RootCommand Create((string Name, Func<Command> Create)[] commands)
    {
        var root = new RootCommand("Millrace: events from any Kafka producer, or over HTTP, into PostgreSQL, each exactly once.");
        foreach (var (_, create) in commands)
            root.Add(create());
        ExampleHelpAction.Attach(root);
        return root;
    }

    private static CommandFailedException? Foresee(Exception exception) => exception switch
    {
        OptionsException e => new CommandFailedException(ExitCodes.Usage, e.Message, e),
        StartException e => new CommandFailedException(ExitCodes.StartFailed, e.Message, e),
        OperationsException e => new CommandFailedException(e.IsTransient ? ExitCodes.NotRunning : ExitCodes.Failed, e.Message, e),
        RegistryException e => new CommandFailedException(e.IsTransient ? ExitCodes.NotRunning : ExitCodes.Failed, e.Message, e),
        _ => null,
    };
}
