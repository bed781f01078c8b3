using System.Globalization;

namespace Millrace.LocalPostgres;

/// <summary>The files of one cluster: made once, configured at each start.</summary>
internal sealed class ServerCluster(string directory)
{
    // The superuser can only be reached through the socket, whose directory is closed to others. Over loopback there is
    // one user without rights over the server, and no password: everybody on the machine could read a laptop's file anyway.
    private const string Access =
        """
        # Written by millrace at each start.
        local  all  all                          trust
        host   all  pipeline_user  127.0.0.1/32  trust
        host   all  pipeline_user  ::1/128       trust

        """;

    /// <summary>What <c>initdb</c> made; the server's working directory while it runs.</summary>
    public string DataDirectory { get; } = Path.Combine(directory, "data");

    /// <summary>The major version that made the cluster; null before there is one.</summary>
    public int? ReadVersion()
    {
        string file = Path.Combine(DataDirectory, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : null;
    }

    /// <summary>Makes the cluster. It appears under its name only when it is whole, so that a start that is killed half-way leaves nothing to trip over.</summary>
    public async Task CreateAsync(ServerBinaries binaries, ServerAccount account, CancellationToken cancellationToken)
    {
        string unfinished = DataDirectory + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        ChildResult made = await ChildProcess.RunAsync(
            account.Command(
                binaries.InitDb, "--pgdata", unfinished, "--username", "postgres", "--encoding", "UTF8", "--locale", "C",
                "--auth", "trust", "--data-checksums", "--no-instructions"),
            directory,
            cancellationToken);
        if (!made.Succeeded)
            throw new LocalPostgresStartException($"PostgreSQL's initdb failed in '{directory}': {made.LastWords(5)}");
        await File.AppendAllTextAsync(Path.Combine(unfinished, "postgresql.conf"), "\ninclude = 'millrace.conf'\n", cancellationToken);
        Directory.Move(unfinished, DataDirectory);
    }

    public async Task ConfigureAsync(
        ServerBinaries binaries, ServerAccount account, IDictionary<string, string> overrides, CancellationToken cancellationToken)
    {
        bool lz4 = await HasLz4Async(binaries, account, cancellationToken);
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string settings = PostgresSettings.Render(PostgresSettings.For(memory, lz4), overrides);
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "millrace.conf"), settings, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "pg_hba.conf"), Access, cancellationToken);
    }

    /// <summary>Whether this build of the server can compress its log with lz4; it says so itself by accepting the value.</summary>
    private async Task<bool> HasLz4Async(ServerBinaries binaries, ServerAccount account, CancellationToken cancellationToken)
    {
        if (binaries.MajorVersion < 15)
            return false;
        // The file that postgresql.conf includes must be there before the server reads anything.
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "millrace.conf"), "", cancellationToken);
        ChildResult asked = await ChildProcess.RunAsync(
            account.Command(binaries.Postgres, "-D", DataDirectory, "-c", "wal_compression=lz4", "-C", "wal_compression"), directory, cancellationToken);
        return asked.Succeeded;
    }
}
