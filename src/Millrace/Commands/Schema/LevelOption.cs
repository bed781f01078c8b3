using System.CommandLine;
using System.CommandLine.Parsing;
using Millrace.Registry;
using Millrace.Schemas.Compatibility;

namespace Millrace.Commands.Schema;

/// <summary>A compatibility level on the command line.</summary>
internal static class LevelOption
{
    public const string HelpName = "LEVEL";

    /// <summary>Null where it is not given: the library would show the default by its name in the code.</summary>
    public static Option<CompatibilityLevel?> Create(CompatibilityLevel ifAbsent) => new("--level")
    {
        HelpName = HelpName,
        Description = $"What the newer version has to promise: {string.Join(", ", Codes.LevelCodes)}. [default: {ifAbsent.Code()}]",
        CustomParser = result => Parse(result, result.Tokens[0].Value),
    };

    /// <summary>The level of a name; null, with an error that names them all, when it is none.</summary>
    public static CompatibilityLevel? Parse(SymbolResult result, string name)
    {
        if (Codes.ParseLevel(name) is { } level)
            return level;
        result.AddError($"'{name}' is no level: {string.Join(", ", Codes.LevelCodes)}.");
        return null;
    }
}
