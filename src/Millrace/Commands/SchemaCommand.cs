using System.CommandLine;
using Millrace.Commands.Schema;

namespace Millrace.Commands;

/// <summary>Schemas of event types: versions, what is in force, and whether data fits.</summary>
internal static class SchemaCommand
{
    public static Command Create() => new ExampleCommand(
        "schema", "Schemas of event types: registers and activates versions, compares them, validates data. validate and diff need nothing running.",
        "millrace schema validate order_placed.json events.ndjson",
        "millrace schema add order_placed order_placed.json",
        "millrace schema activate order_placed 2")
    {
        AddCommand.Create(),
        ListCommand.Create(),
        ShowCommand.Create(),
        CheckCommand.Create(),
        ActivateCommand.Create(),
        DeprecateCommand.Create(),
        DeleteCommand.Create(),
        ModeCommand.Create(),
        LevelCommand.Create(),
        InferCommand.Create(),
        ExportCommand.Create(),
        ValidateCommand.Create(),
        DiffCommand.Create(),
    };
}
