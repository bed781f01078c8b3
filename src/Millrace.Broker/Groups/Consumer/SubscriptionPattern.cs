using System.Text.RegularExpressions;

namespace Millrace.Broker.Groups.Consumer;

/// <summary>
/// The regular expression of a subscription, which must match the whole name of a topic. Kafka uses RE2, whose matching takes time in
/// proportion to the name; so does the engine here that does not backtrack, which knows neither lookaround nor back references either.
/// What is written differently for the two: RE2's <c>\Q…\E</c>, <c>\C</c> and <c>(?P&lt;name&gt;…)</c> are refused here.
/// </summary>
internal sealed class SubscriptionPattern
{
    /// <summary>Far more than an expression over names of at most 249 characters takes; what exceeds it was made to.</summary>
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    private readonly Regex _regex;

    private SubscriptionPattern(string text, Regex regex) => (Text, _regex) = (text, regex);

    public string Text { get; }

    /// <summary>False when the text is not a regular expression, or one of a kind that is not supported.</summary>
    public static bool TryParse(string text, out SubscriptionPattern? pattern)
    {
        pattern = null;
        try
        {
            // By itself first: what only becomes an expression between our parentheses is none.
            _ = new Regex(text, RegexOptions.NonBacktracking);
            pattern = new SubscriptionPattern(text, new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchLimit));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>The names that match; none when the expression takes too long on one of them.</summary>
    public IReadOnlySet<string> Match(IEnumerable<string> names)
    {
        try
        {
            return names.Where(name => _regex.IsMatch(name)).ToHashSet(StringComparer.Ordinal);
        }
        catch (RegexMatchTimeoutException)
        {
            return new HashSet<string>();
        }
    }
}
