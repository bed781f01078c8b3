using Millrace.Protocol;

namespace Millrace.Broker.Topics;

/// <summary>What became of a wish to create a topic.</summary>
/// <param name="Error">None when <paramref name="Topic"/> is there.</param>
/// <param name="Message">For the person who asked.</param>
/// <param name="Topic">The topic that was created, or would have been.</param>
internal sealed record TopicOutcome(ErrorCode Error, string? Message, Topic? Topic)
{
    public static TopicOutcome Refused(ErrorCode error, string message) => new(error, message, null);
}
