namespace Millrace.Configuration;

/// <summary>One key: its name, whether its value is a secret, and what it does to the options.</summary>
/// <param name="Name">As in <c>millrace.json</c>, with a colon between levels. Compared without case.</param>
/// <param name="IsSecret">Whether the value must not appear in any message.</param>
/// <param name="Apply">Takes the value; gives what it should have been when it is wrong, else null.</param>
internal sealed record OptionKey(string Name, bool IsSecret, Func<MillraceOptions, string, string?> Apply);
