using Millrace.Broker.Topics;
using Millrace.Protocol;

namespace Millrace.Broker.Apis;

/// <summary>Kafka's numbers for what has settings.</summary>
internal static class ConfigResource
{
    public const sbyte Topic = 2;
    public const sbyte Broker = 4;

    /// <summary>Why the settings of this thing cannot be changed; null for a topic, whose can.</summary>
    public static TopicOutcome? Refusal(sbyte type, string name) => type switch
    {
        Topic => TopicName.IsValid(name) ? null : TopicOutcome.Refused(ErrorCode.InvalidTopicException, $"\"{name}\" is not a topic name."),
        Broker => TopicOutcome.Refused(ErrorCode.InvalidRequest, "Settings of this broker do not change while it runs: give them at its start."),
        _ => TopicOutcome.Refused(ErrorCode.InvalidRequest, $"Resources of type {type} have no settings here."),
    };
}
