using System.CommandLine;
using System.CommandLine.Parsing;

namespace Millrace.Commands;

/// <summary>Checks of what was given for an option, with an error in the words of a person who types it.</summary>
internal static class OptionChecks
{
    /// <summary>Refuses values that <paramref name="isGood"/> does not take, and those that are no <typeparamref name="T"/> at all, with <paramref name="error"/>.</summary>
    public static void Check<T>(this Option<T> option, Func<T, bool> isGood, string error) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && !(TryRead(result, out T value) && isGood(value)))
            result.AddError(error);
    });

    private static bool TryRead<T>(OptionResult result, out T value)
    {
        try
        {
            value = result.GetValueOrDefault<T>()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // How the library says, while it validates, that the text cannot be converted.
            value = default!;
            return false;
        }
    }
}
