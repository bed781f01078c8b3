namespace Millrace.Commands.Produce;

/// <summary>What a command reads: a file, or standard input.</summary>
internal static class InputFile
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <param name="path">A path, or -.</param>
    /// <param name="keyboardHint">Said to a person who is expected to type.</param>
    /// <exception cref="CommandFailedException">It cannot be read.</exception>
    public static Stream Open(string path, string keyboardHint)
    {
        if (path == StandardInput)
        {
            if (!Console.IsInputRedirected)
                Console.Error.WriteLine(keyboardHint);
            return Console.OpenStandardInput();
        }

        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
