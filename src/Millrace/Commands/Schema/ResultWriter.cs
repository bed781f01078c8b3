using System.Text;
using System.Text.Json;
using Millrace.Registry.Reports;
using Millrace.Schemas;

namespace Millrace.Commands.Schema;

/// <summary>Writes what became of each instance, and counts.</summary>
internal sealed class ResultWriter(Stream output, ResultFormat format, bool many) : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly BufferedStream _output = new(output, BufferBytes);

    public long Valid { get; private set; }

    public long Invalid { get; private set; }

    public void Add(long line, SchemaReport report)
    {
        if (report.Valid)
            Valid++;
        else
            Invalid++;
        switch (format)
        {
            case ResultFormat.Json:
                JsonSerializer.Serialize(_output, LineResult.Of(line, report), ReportJson.Readable.LineResult);
                _output.WriteByte((byte)'\n');
                break;
            case ResultFormat.Basic:
                JsonSerializer.Serialize(_output, BasicResult.Of(report), ReportJson.Readable.BasicResult);
                _output.WriteByte((byte)'\n');
                break;
            case ResultFormat.Text:
                foreach (SchemaError error in report.Errors)
                    _output.Write(Encoding.UTF8.GetBytes(Text(line, error)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, null);
        }
    }

    public void Flush() => _output.Flush();

    /// <summary>Says how it went to a person.</summary>
    public void Finish(TextWriter screen)
    {
        _output.Flush();
        if (format != ResultFormat.Text)
            return;
        screen.WriteLine(many
            ? Invalid == 0 ? $"All {Valid:N0} fit." : $"{Invalid:N0} of {Valid + Invalid:N0} do not fit."
            : Invalid == 0 ? "It fits." : "It does not fit.");
    }

    public ValueTask DisposeAsync() => _output.DisposeAsync();

    private string Text(long line, SchemaError error)
    {
        string where = many ? $"line {line}: " : "";
        string place = error.InstanceLocation.Length == 0 ? "" : $"{error.InstanceLocation}: ";
        string rule = error.KeywordLocation.Length == 0 ? "" : $"  ({error.KeywordLocation})";
        return $"{where}{place}{error.Message}{rule}\n";
    }
}
