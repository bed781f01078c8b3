using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Millrace.Commands.Connections;
using Millrace.Commands.Sql;

namespace Millrace.Commands;

/// <summary>Opens psql on the right database, or runs one statement.</summary>
internal static class SqlCommand
{
    public static Command Create()
    {
        var statement = new Option<string?>("-c", "--command") { HelpName = "SQL", Description = "Run this and end." };
        var rest = new Argument<string[]>("psql arguments") { Arity = ArgumentArity.ZeroOrMore, Description = "Further arguments for psql, after --." };
        Option<OutputFormat> format = FormatOption.Create("json: with -c, the rows as an array of objects (without psql)");
        var command = new ExampleCommand(
            "sql", "Opens psql on the pipeline's database.",
            "millrace sql",
            "millrace sql -c \"SELECT event_type, count(*) FROM pipeline.events GROUP BY 1\"",
            "millrace sql -c \"SELECT * FROM pipeline.dead_letters LIMIT 3\" --format json",
            "millrace sql -- --csv -f report.sql")
        {
            statement, rest, SharedOptions.Data(), SharedOptions.Postgres(), format,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string connectionString = new Discovery(SharedOptions.Load(parsed)).ConnectionString;
            string? sql = parsed.GetValue(statement);
            if (parsed.GetValue(format) == OutputFormat.Text)
                return RunPsqlAsync(connectionString, [.. sql is null ? [] : new[] { "-c", sql }, .. parsed.GetValue(rest) ?? []], cancellation);
            return sql is null
                ? throw new CommandFailedException(ExitCodes.Usage, "--format json needs a statement: -c \"SELECT …\".")
                : JsonRows.WriteAsync(connectionString, sql, Console.OpenStandardOutput(), cancellation);
        });
        return command;
    }

    private static async Task<int> RunPsqlAsync(string connectionString, string[] arguments, CancellationToken cancellationToken)
    {
        // Ctrl+C is psql's: it cancels a statement there. It goes to us too, being in the same terminal.
        using PosixSignalRegistration ignored = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        foreach (string program in PsqlPrograms.Candidates())
        {
            var start = new ProcessStartInfo(program, arguments);
            PsqlPrograms.SetConnection(start, connectionString);
            try
            {
                using Process psql = Process.Start(start)!;
                await psql.WaitForExitAsync(cancellationToken);
                return psql.ExitCode;
            }
            catch (Win32Exception)
            {
                // Not there: the next candidate.
            }
        }

        throw new CommandFailedException(
            ExitCodes.Failed,
            "psql is not installed: install it (Debian, Ubuntu: apt-get install postgresql-client), use -c with --format json, or give any client this: " +
            Hosting.Endpoints.WithoutSecrets(connectionString));
    }
}
