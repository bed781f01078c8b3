using Millrace.Registry.Reports;
using Millrace.Terminal;

namespace Millrace.Commands.Schema;

/// <summary>Differences for people.</summary>
internal static class DifferenceText
{
    public static void Write(TextWriter output, TextWriter screen, DiffReport report, string verdict)
    {
        if (report.Differences.Count > 0)
        {
            DataTable.Write(
                output, ["POINTER", "KIND", "BREAKS", "WHAT"],
                report.Differences.Select(d => new object?[] { d.Pointer.Length == 0 ? "(whole)" : d.Pointer, d.Kind, d.Breaks.Count == 0 ? "nothing" : string.Join(", ", d.Breaks), d.Message }));
        }

        screen.WriteLine(verdict);
    }
}
