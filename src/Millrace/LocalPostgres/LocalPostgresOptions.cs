namespace Millrace.LocalPostgres;

/// <summary>What a local server needs to start.</summary>
internal sealed class LocalPostgresOptions
{
    /// <summary>
    /// The directory that holds the cluster (<c>data/</c>) and the server's log. Made when absent; owned by one
    /// running <see cref="LocalPostgresServer"/> at a time. Required.
    /// </summary>
    public required string Directory { get; set; }

    /// <summary>The TCP port on 127.0.0.1, 1 to 65535. Default 5432.</summary>
    public int Port { get; set; } = 5432;

    /// <summary>Whether a taken <see cref="Port"/> means the next free one (default) or a start that fails.</summary>
    public bool NextFreePort { get; set; } = true;

    /// <summary>The directory with <c>initdb</c> and <c>postgres</c>. Default: the first one that <see cref="ServerBinaries"/> finds.</summary>
    public string? BinaryDirectory { get; set; }

    /// <summary>Server settings that win over <see cref="PostgresSettings"/>, as <c>postgresql.conf</c> would spell them.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long a start may take, crash recovery included. Default 5 minutes: the most WAL that the settings keep, replayed from a slow disk.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
