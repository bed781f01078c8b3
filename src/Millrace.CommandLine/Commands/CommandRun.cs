using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Millrace.Commands;

/// <summary>Runs a command line to its exit code. What cannot be parsed, and every way in which a command can fail, becomes a sentence here.</summary>
internal static class CommandRun
{
    // What the system calls a reader that went away (| head): the end of our work, not an error.
    private const int BrokenPipe = 32;

    /// <param name="program">What begins each line of an error.</param>
    /// <param name="root">All that can be called.</param>
    /// <param name="arguments">What was typed.</param>
    /// <param name="foresee">Knows exceptions of the program's own parts; null for those that nobody foresaw.</param>
    public static async Task<int> RunAsync(string program, Command root, string[] arguments, Func<Exception, CommandFailedException?>? foresee = null)
    {
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction && arguments.Length > 0)
        {
            return Fail(program, ExitCodes.Usage, $"{MostTelling(parsed).Message}\n'{HelpLine(parsed)}' says more.");
        }

        try
        {
            // Signals are each command's own: the library would end the process before the pipeline has drained.
            int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
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
            return (e as CommandFailedException ?? foresee?.Invoke(e)) is { } failed
                ? Fail(program, failed.ExitCode, failed.Message)
                : Fail(program, ExitCodes.Failed, $"this is a defect of {program}; please report it with all of this:\n{e}");
        }
    }

    /// <summary>The first word that nothing is known of, which those behind it may follow from; else the last error: what could not be parsed says more than what is missing because of it.</summary>
    private static ParseError MostTelling(ParseResult parsed) =>
        parsed.UnmatchedTokens is [var first, ..] && parsed.Errors.FirstOrDefault(e => e.Message.Contains($"'{first}'", StringComparison.Ordinal)) is { } unknown
            ? unknown
            : parsed.Errors[^1];

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

    private static int Fail(string program, int code, string message)
    {
        foreach (string line in message.Split('\n'))
            Console.Error.WriteLine(line.StartsWith(' ') ? line : $"{program}: {line}");
        return code;
    }
}
