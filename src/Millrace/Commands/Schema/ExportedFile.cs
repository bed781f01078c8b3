namespace Millrace.Commands.Schema;

/// <summary>A file that <c>schema export</c> makes.</summary>
internal static class ExportedFile
{
    /// <summary>Gives the file this text; false when it had it. An unchanged file keeps its time, for builds that look at it.</summary>
    /// <exception cref="CommandFailedException">It cannot be written.</exception>
    public static bool Write(string path, string text)
    {
        try
        {
            if (File.Exists(path) && File.ReadAllText(path) == text)
                return false;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"'{path}' cannot be written: {e.Message}", e);
        }
    }
}
