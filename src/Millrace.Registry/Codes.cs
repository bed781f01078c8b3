using Millrace.Registry.Versions;
using Millrace.Schemas.Catalog;
using Millrace.Schemas.Compatibility;

namespace Millrace.Registry;

/// <summary>The names of states, modes and levels as tables, JSON and command lines have them. Frozen.</summary>
public static class Codes
{
    private static readonly (SchemaState Value, string Code)[] States =
        [(SchemaState.Draft, "draft"), (SchemaState.Active, "active"), (SchemaState.Deprecated, "deprecated"), (SchemaState.Deleted, "deleted")];

    private static readonly (SchemaMode Value, string Code)[] Modes = [(SchemaMode.Enforce, "enforce"), (SchemaMode.Warn, "warn"), (SchemaMode.Off, "off")];

    private static readonly (UnknownTypes Value, string Code)[] Unknown =
        [(UnknownTypes.Accept, "accept"), (UnknownTypes.Warn, "warn"), (UnknownTypes.Reject, "reject")];

    private static readonly (CompatibilityLevel Value, string Code)[] Levels =
    [
        (CompatibilityLevel.None, "NONE"),
        (CompatibilityLevel.Backward, "BACKWARD"),
        (CompatibilityLevel.BackwardTransitive, "BACKWARD_TRANSITIVE"),
        (CompatibilityLevel.Forward, "FORWARD"),
        (CompatibilityLevel.ForwardTransitive, "FORWARD_TRANSITIVE"),
        (CompatibilityLevel.Full, "FULL"),
        (CompatibilityLevel.FullTransitive, "FULL_TRANSITIVE"),
    ];

    /// <summary>The names of the modes.</summary>
    public static IEnumerable<string> ModeCodes => Modes.Select(pair => pair.Code);

    /// <summary>The names of what may happen to unknown types.</summary>
    public static IEnumerable<string> UnknownCodes => Unknown.Select(pair => pair.Code);

    /// <summary>The names of the levels.</summary>
    public static IEnumerable<string> LevelCodes => Levels.Select(pair => pair.Code);

    /// <summary>The name of a state.</summary>
    public static string Code(this SchemaState state) => Find(States, state);

    /// <summary>The name of a mode.</summary>
    public static string Code(this SchemaMode mode) => Find(Modes, mode);

    /// <summary>The name of what happens to unknown types.</summary>
    public static string Code(this UnknownTypes unknown) => Find(Unknown, unknown);

    /// <summary>The name of a level.</summary>
    public static string Code(this CompatibilityLevel level) => Find(Levels, level);

    /// <summary>The mode of a name; null when there is none.</summary>
    public static SchemaMode? ParseMode(string code) => Parse(Modes, code);

    /// <summary>What is to happen to unknown types, by its name; null when there is none.</summary>
    public static UnknownTypes? ParseUnknown(string code) => Parse(Unknown, code);

    /// <summary>The level of a name; null when there is none.</summary>
    public static CompatibilityLevel? ParseLevel(string code) => Parse(Levels, code);

    internal static SchemaState ParseState(string code) => Parse(States, code) ?? throw new ArgumentOutOfRangeException(nameof(code), code, "There is no such state.");

    /// <summary>Whether a level asks about every earlier version instead of the last one.</summary>
    internal static bool IsTransitive(this CompatibilityLevel level) =>
        level is CompatibilityLevel.BackwardTransitive or CompatibilityLevel.ForwardTransitive or CompatibilityLevel.FullTransitive;

    private static string Find<T>((T Value, string Code)[] all, T value)
        where T : struct, Enum
    {
        foreach (var pair in all)
        {
            if (EqualityComparer<T>.Default.Equals(pair.Value, value))
                return pair.Code;
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "It has no name.");
    }

    private static T? Parse<T>((T Value, string Code)[] all, string code)
        where T : struct, Enum
    {
        foreach (var pair in all)
        {
            if (pair.Code.Equals(code, StringComparison.OrdinalIgnoreCase))
                return pair.Value;
        }

        return null;
    }
}
