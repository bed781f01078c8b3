namespace Millrace.Terminal;

/// <summary>
/// Columns of text on standard output: numbers to the right, no frames and no wrapping, so that grep and awk can use it.
/// </summary>
internal static class DataTable
{
    public static void Write(TextWriter output, string[] headers, IEnumerable<object?[]> rows)
    {
        List<object?[]> all = [.. rows];
        string[][] cells = [.. all.Select(r => r.Select(c => c switch { null => "-", IFormattable f => f.ToString(null, null), _ => c.ToString()! }).ToArray())];
        int[] widths = [.. headers.Select((h, i) => cells.Select(r => r[i].Length).Append(h.Length).Max())];
        bool[] numeric = [.. headers.Select((_, i) => all.Count > 0 && all.All(r => r[i] is null or int or long or double))];
        WriteRow(output, headers, widths, numeric);
        foreach (string[] row in cells)
            WriteRow(output, row, widths, numeric);
    }

    private static void WriteRow(TextWriter output, string[] cells, int[] widths, bool[] numeric) =>
        output.WriteLine(string.Join("  ", cells.Select((c, i) => numeric[i] ? c.PadLeft(widths[i]) : c.PadRight(widths[i]))).TrimEnd());
}
