using Npgsql;

namespace Millrace.Pipeline.Write;

/// <summary>Sends <see cref="EventRows"/> with binary COPY.</summary>
public static class EventCopy
{
    // Signature, flags (none), length of the header extension (none).
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Trailer = [0xFF, 0xFF];

    /// <summary>Copies all rows into <paramref name="table"/>, which has the columns of <c>pipeline.events</c>.</summary>
    /// <param name="connection">An open connection; the rows belong to its transaction, if there is one.</param>
    /// <param name="table">The table's name as SQL writes it.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Ends the COPY and breaks the connection.</param>
    /// <exception cref="PostgresException">The server refused a row, and so all of them.</exception>
    public static Task WriteAsync(NpgsqlConnection connection, string table, EventRows rows, CancellationToken cancellationToken) =>
        WriteAsync(connection, table, [rows.Slice(0, rows.Count)], cancellationToken);

    /// <summary>Copies the rows from <paramref name="from"/> up to and without <paramref name="to"/>, but for those left out.</summary>
    internal static Task WriteAsync(
        NpgsqlConnection connection, string table, EventRows rows, int from, int to, bool[] leftOut, CancellationToken cancellationToken)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        while (from < to)
        {
            var length = leftOut.AsSpan(from, to - from).IndexOf(true);
            var end = length < 0 ? to : from + length;
            if (end > from)
                parts.Add(rows.Slice(from, end));
            from = end + 1;
        }

        return WriteAsync(connection, table, parts, cancellationToken);
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, string table, List<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        var copy = await connection.BeginRawBinaryCopyAsync($"COPY {table} ({EventRows.Columns}) FROM STDIN (FORMAT binary)", cancellationToken);

        // Disposing ends the COPY and throws what the server had to say about the rows. It must not run after a failed write, where it
        // would report the rows that did arrive as all of them: then the connection is broken already and the caller gives it up.
        await copy.WriteAsync(Header, cancellationToken);
        foreach (var part in parts)
            await copy.WriteAsync(part, cancellationToken);
        await copy.WriteAsync(Trailer, cancellationToken);
        await copy.DisposeAsync();
    }
}
