using System.ComponentModel;
using System.Diagnostics;

namespace Millrace.LocalPostgres;

/// <summary>How a short-lived program ended.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What it said last, for the end of a sentence.</summary>
    public string LastWords(int lines) =>
        string.Join('\n', (Error.Length > 0 ? Error : Output).TrimEnd().Split('\n').TakeLast(lines)).Trim();
}

/// <summary>Runs a short-lived program to its end.</summary>
internal static class ChildProcess
{
    /// <summary>What a shell says for a program that is not there.</summary>
    public const int NotFound = 127;

    public static async Task<ChildResult> RunAsync(
        IReadOnlyList<string> command, string workingDirectory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        CleanEnvironment(start);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            return new ChildResult(NotFound, "", e.Message);
        }

        using (process)
        {
            process.StandardInput.Close();
            try
            {
                Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
                Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return new ChildResult(process.ExitCode, await output, await error);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    /// <summary>
    /// Takes out what would change a PostgreSQL program behind our back (PGPORT, PGDATA, PGOPTIONS, …) and asks for
    /// messages in English, so that a log reads the same everywhere.
    /// </summary>
    public static void CleanEnvironment(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
    }
}
