using System.Text;
using System.Text.RegularExpressions;
using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Patterns;

/// <summary>
/// A regular expression of ECMA-262 with the meaning of its <c>u</c> flag. Simple ones are matched on the bytes; the others by an engine whose time
/// grows with the text only; those that need backtracking, by one that is stopped when it takes too long.
/// </summary>
internal sealed class Pattern
{
    private readonly SimplePattern? _simple;
    private readonly Regex? _regex;

    private Pattern(string text, SimplePattern? simple, Regex? regex)
    {
        Text = text;
        _simple = simple;
        _regex = regex;
    }

    /// <summary>As the schema writes it.</summary>
    public string Text { get; }

    /// <summary>Whether it is matched without a regular expression engine.</summary>
    public bool IsSimple => _simple is not null;

    /// <exception cref="FormatException">It is not a regular expression; the message says why.</exception>
    public static Pattern Parse(string text)
    {
        var translated = EcmaTranslator.Translate(text);
        return SimplePattern.TryParse(text, out var simple) ? new Pattern(text, simple, regex: null) : new Pattern(text, simple: null, Compile(translated));
    }

    public PatternAnswer IsMatch(ReadOnlySpan<byte> utf8, Scratch scratch)
    {
        if (_simple is not null)
        {
            return _simple.IsMatch(utf8) ? PatternAnswer.Yes : PatternAnswer.No;
        }

        var chars = scratch.CharsOf(utf8.Length);
        var length = Encoding.UTF8.GetChars(utf8, chars);
        try
        {
            return _regex!.IsMatch(chars.AsSpan(0, length)) ? PatternAnswer.Yes : PatternAnswer.No;
        }
        catch (RegexMatchTimeoutException)
        {
            return PatternAnswer.TooSlow;
        }
    }

    private static Regex Compile(string translated)
    {
        try
        {
            return new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentOutOfRangeException)
        {
            // Lookarounds, back references and very large repetitions.
            return Backtracking(translated);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    private static Regex Backtracking(string translated)
    {
        try
        {
            return new Regex(translated, RegexOptions.CultureInvariant, SchemaLimits.PatternTime);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }
}
