using System.CommandLine;
using Millrace.Commands.Dlq;

namespace Millrace.Commands;

/// <summary>Dead letters: what was refused and why, and what becomes of it.</summary>
internal static class DlqCommand
{
    public static Command Create() => new ExampleCommand(
        "dlq", "Lists, shows, replays, discards and exports dead letters: records that could not become rows.",
        "millrace dlq list",
        "millrace dlq replay --reason not_json --dry-run")
    {
        ListCommand.Create(),
        ShowCommand.Create(),
        ReplayCommand.Create(),
        DiscardCommand.Create(),
        ExportCommand.Create(),
    };
}
