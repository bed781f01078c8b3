using Millrace.Broker;

namespace Millrace.Commands.Broker;

/// <summary>Who may log in to the broker: lines of <c>NAME PASSWORD [read-only]</c>; empty ones and those that begin with # say nothing.</summary>
internal static class UsersFile
{
    private const string ReadOnly = "read-only";

    /// <exception cref="CommandFailedException">It cannot be read, or a line is not one. The line is named, and never shown.</exception>
    public static void Read(string path, IDictionary<string, BrokerUser> users)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"'{path}' cannot be read: {e.Message}", e);
        }

        for (int i = 0; i < lines.Length; i++)
        {
            string[] words = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
                continue;
            if (words is not ([_, _] or [_, _, ReadOnly]))
                throw new CommandFailedException(ExitCodes.Usage, $"Line {i + 1} of '{path}' is not NAME PASSWORD [{ReadOnly}].");
            users[words[0]] = new BrokerUser(words[1], IsReadOnly: words.Length == 3);
        }

        if (users.Count == 0)
            throw new CommandFailedException(ExitCodes.Usage, $"'{path}' names no user: everybody could do everything.");
    }
}
