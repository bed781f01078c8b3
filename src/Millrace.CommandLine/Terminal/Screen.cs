using Spectre.Console;

namespace Millrace.Terminal;

/// <summary>
/// Standard error, where everything for people goes: lines, and on a terminal one status line below them that is
/// drawn over. Standard output belongs to data. Thread-safe.
/// </summary>
internal sealed class Screen
{
    // A file has no edge to wrap at.
    private const int FileWidth = 400;

    private const string ClearLine = "\r\u001b[2K";

    private readonly Lock _gate = new();
    private readonly TextWriter _writer = System.Console.Error;
    private readonly bool _mayDraw;
    private IAnsiConsole? _console;
    private string? _status;

    public Screen()
        : this(mayDraw: true)
    {
    }

    /// <param name="mayDraw">False: lines only, on a terminal too.</param>
    public Screen(bool mayDraw)
    {
        // Redirected is asked here: a broker that writes to a file need not load Spectre.
        _mayDraw = mayDraw && !System.Console.IsErrorRedirected;
        IsTerminal = _mayDraw && HasAnsi();
    }

    /// <summary>Whether somebody looks at it, so that a line may be drawn over.</summary>
    public bool IsTerminal { get; }

    private IAnsiConsole Console => _console ??= NewConsole();

    /// <summary>Draws something of several lines with nothing in between them, tables and colours included.</summary>
    public void Draw(Action<IAnsiConsole> draw)
    {
        lock (_gate)
        {
            if (_status is not null)
                _writer.Write(ClearLine);
            draw(Console);
            if (_status is not null)
                _writer.Write(_status);
            _writer.Flush();
        }
    }

    public void WriteLine(string line)
    {
        lock (_gate)
        {
            if (_status is not null)
                _writer.Write(ClearLine);
            _writer.WriteLine(line);
            if (_status is not null)
                _writer.Write(_status);
            _writer.Flush();
        }
    }

    /// <summary>Draws the status line, cut to the terminal's width; null takes it away. Does nothing when this is no terminal.</summary>
    public void SetStatus(string? status)
    {
        if (!IsTerminal)
            return;
        lock (_gate)
        {
            int width = Math.Max(Console.Profile.Width - 1, 20);
            string? cut = status is { } s && s.Length > width ? s[..width] : status;
            if (cut == _status)
                return;
            _writer.Write(ClearLine + cut);
            _writer.Flush();
            _status = cut;
        }
    }

    private bool HasAnsi() => Console.Profile.Capabilities.Ansi;

    private IAnsiConsole NewConsole()
    {
        // Spectre looks at the environment (NO_COLOR, TERM, CI) and at the descriptor itself.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_writer) });
        if (!_mayDraw || !console.Profile.Capabilities.Ansi)
            console.Profile.Width = FileWidth;
        return console;
    }
}
