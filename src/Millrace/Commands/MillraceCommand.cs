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

    public static RootCommand Create()
    {
        var root = new RootCommand("Millrace: events from any Kafka producer, or over HTTP, into PostgreSQL, each exactly once.")
        {
            UpCommand.Create(),
            RunCommand.Create(),
            ProduceCommand.Create(),
            GenerateCommand.Create(),
            TailCommand.Create(),
            StatusCommand.Create(),
            TopicsCommand.Create(),
            GroupsCommand.Create(),
            DlqCommand.Create(),
            SchemaCommand.Create(),
            ParkedCommand.Create(),
            VerifyCommand.Create(),
            TraceCommand.Create(),
            SqlCommand.Create(),
            BrokerCommand.Create(),
            BenchCommand.Create(),
            ChaosCommand.Create(),
            VersionCommand.Create(),
        };
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new ExampleHelpAction((HelpAction)help.Action!);
        return root;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = Create().Parse(arguments);
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
        catch (CommandFailedException e)
        {
            return Fail(e.ExitCode, e.Message);
        }
        catch (OptionsException e)
        {
            return Fail(ExitCodes.Usage, e.Message);
        }
        catch (StartException e)
        {
            return Fail(ExitCodes.StartFailed, e.Message);
        }
        catch (OperationsException e)
        {
            return Fail(e.IsTransient ? ExitCodes.NotRunning : ExitCodes.Failed, e.Message);
        }
        catch (RegistryException e)
        {
            return Fail(e.IsTransient ? ExitCodes.NotRunning : ExitCodes.Failed, e.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) == BrokenPipe)
        {
            return ExitCodes.Success;
        }
        catch (Exception e)
        {
            return Fail(ExitCodes.Failed, $"this is a defect of millrace; please report it with all of this:\n{e}");
        }
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

    private static int Fail(int code, string message)
    {
        foreach (string line in message.Split('\n'))
            Console.Error.WriteLine(line.StartsWith(' ') ? line : $"millrace: {line}");
        return code;
    }
}
