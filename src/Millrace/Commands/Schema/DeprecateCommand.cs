using System.CommandLine;

namespace Millrace.Commands.Schema;

/// <summary>Sets a draft aside, so that events may still name it.</summary>
internal static class DeprecateCommand
{
    public static Command Create() => VersionChange.Complete(
        new ExampleCommand(
            "deprecate", "Makes a draft a version that events may name but that is not the one in force; activating another version does it to the one before.",
            "millrace schema deprecate order_placed 1"),
        (versions, type, version, actor, _, cancellation) => versions.DeprecateAsync(type, version, actor, cancellation));
}
