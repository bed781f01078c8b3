namespace Millrace.Pipeline.DeadLetters;

/// <summary>The record headers that Millrace itself gives a meaning.</summary>
public static class RecordHeaderNames
{
    /// <summary>
    /// On a record that is sent to the topic again: how often it has become a dead letter before, as decimal text. A dead letter that is made of it
    /// counts one more.
    /// </summary>
    public const string Attempts = "millrace-attempts";
}
