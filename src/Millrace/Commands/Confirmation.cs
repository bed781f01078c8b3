namespace Millrace.Commands;

/// <summary>Asks a person before something that cannot be taken back. A script says <c>--yes</c>.</summary>
internal static class Confirmation
{
    /// <exception cref="CommandFailedException">The answer is no, or nobody is there to give one.</exception>
    public static void Ask(string question, bool yes)
    {
        if (yes)
            return;
        if (Console.IsInputRedirected)
            throw new CommandFailedException(ExitCodes.Usage, $"{question} Nobody is here to answer: add --yes. Nothing was changed.");
        Console.Error.Write($"{question} [y/N] ");
        if (Console.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new CommandFailedException(ExitCodes.Failed, "Nothing was changed.");
    }
}
