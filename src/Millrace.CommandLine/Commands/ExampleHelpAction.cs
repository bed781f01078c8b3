using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Millrace.Commands;

/// <summary>The library's help with the examples of the command below it.</summary>
internal sealed class ExampleHelpAction(HelpAction inner) : SynchronousCommandLineAction
{
    /// <summary>Puts it in the place of the library's own.</summary>
    public static void Attach(Command root)
    {
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new ExampleHelpAction((HelpAction)help.Action!);
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in command.Examples)
                output.WriteLine($"  {example.Replace("millrace ", $"{Product.CommandName} ", StringComparison.Ordinal)}");
            output.WriteLine();
        }

        return code;
    }
}
