using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Millrace.Broker.Groups.Consumer;

/// <summary>
/// The regular expression of a subscription, which must match the whole name of a topic. Kafka uses RE2, whose matching takes time in
/// proportion to the name; so does the engine here that does not backtrack, which knows neither lookaround nor back references either.
/// What is written differently for the two: RE2's <c>\Q…\E</c>, <c>\C</c> and <c>(?P&lt;name&gt;…)</c> are refused here.
/// </summary>
/// <remarks>Thread-safe. It is matched where nobody waits for it, and read under the lock of a group.</remarks>
internal sealed class SubscriptionPattern
{
    /// <summary>Far more than an expression over names of at most 249 characters takes; what exceeds it was made to.</summary>
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    private readonly Regex _regex;
    private volatile TopicMatches _matches = new(-1, []);

    private SubscriptionPattern(string text, Regex regex) => (Text, _regex) = (text, regex);

    public string Text { get; }

    /// <summary>What it matched when it was matched last.</summary>
    public TopicMatches Matches => _matches;

    /// <summary>False when the text is not a regular expression, or one of a kind that is not supported.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SubscriptionPattern? pattern)
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

    /// <summary>Matches the names of all topics; none match when the expression takes too long on one of them.</summary>
    /// <param name="version">That of the topics.</param>
    /// <param name="names">As they were in that version, or later.</param>
    public void Match(long version, IReadOnlyCollection<string> names)
    {
        try
        {
            _matches = new TopicMatches(version, [.. names.Where(name => _regex.IsMatch(name))]);
        }
        catch (RegexMatchTimeoutException)
        {
            _matches = new TopicMatches(version, []);
        }
    }
}

/// <summary>The names that an expression matched, and the version of the topics at which it did.</summary>
internal sealed record TopicMatches(long Version, IReadOnlyList<string> Names);
