using System.CommandLine;
using Millrace.Commands.Parked;

namespace Millrace.Commands;

/// <summary>Users whose events wait behind one that failed for a reason that is theirs alone.</summary>
internal static class ParkedCommand
{
    public static Command Create()
    {
        var command = new ExampleCommand(
            "parked", "Lists the users whose events wait behind one that failed, shows what waits, has it tried again at once.",
            "millrace parked", "millrace parked show 42", "millrace parked retry 42")
        {
            ParkedListCommand.Create(),
            ParkedShowCommand.Create(),
            ParkedRetryCommand.Create(),
        };
        ParkedListCommand.MakeDefault(command);
        return command;
    }
}
