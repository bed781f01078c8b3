using System.CommandLine;

namespace Millrace.Commands.Schema;

/// <summary>Takes a version back or, afterwards, removes it for good.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var permanent = new Option<bool>("--permanent") { Description = "Remove a version that is deleted already, with its text; its number is never given again." };
        var command = new ExampleCommand(
            "delete", "Takes a version back, so that events that name it are refused; not the one in force. --permanent removes it for good afterwards.",
            "millrace schema delete order_placed 1",
            "millrace schema delete order_placed 1 --permanent")
        {
            permanent,
        };
        return VersionChange.Complete(command, (versions, type, version, actor, parsed, cancellation) => parsed.GetValue(permanent)
            ? versions.RemoveAsync(type, version, actor, cancellation)
            : versions.DeleteAsync(type, version, actor, cancellation));
    }
}
