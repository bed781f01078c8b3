using System.Diagnostics;
using Millrace.LocalPostgres;
using Npgsql;

namespace Millrace.Commands.Sql;

/// <summary>Where psql is, and how it is told where to connect.</summary>
internal static class PsqlPrograms
{
    /// <summary>The one on PATH, then those beside a server.</summary>
    public static IEnumerable<string> Candidates() => ServerBinaries.Candidates().Select(d => Path.Combine(d, "psql")).Where(File.Exists).Prepend("psql");

    /// <summary>In the environment and not on the command line, which everybody on the machine can read.</summary>
    public static void SetConnection(ProcessStartInfo start, string connectionString)
    {
        var c = new NpgsqlConnectionStringBuilder(connectionString);
        Set("PGHOST", c.Host);
        Set("PGPORT", $"{c.Port}");
        Set("PGUSER", c.Username);
        Set("PGDATABASE", c.Database);
        Set("PGPASSWORD", c.Password);
        Set("PGSSLMODE", c.SslMode == SslMode.VerifyCA ? "verify-ca" : c.SslMode == SslMode.VerifyFull ? "verify-full" : c.SslMode.ToString().ToLowerInvariant());
        Set("PGSSLROOTCERT", c.RootCertificate);
        Set("PGAPPNAME", "millrace sql");

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                start.Environment[name] = value;
        }
    }
}
