using System.Globalization;

namespace Millrace.Broker.Topics;

/// <summary>Kafka's numbers for the types of settings, as DescribeConfigs sends them.</summary>
internal enum ConfigType : sbyte
{
    Boolean = 1,
    String = 2,
    Int = 3,
    Long = 5,
    List = 7,

    /// <summary>Its value is never sent.</summary>
    Password = 9,
}

/// <summary>A setting that a topic may have.</summary>
/// <param name="Name">Kafka's name.</param>
/// <param name="BrokerName">The name of the broker setting that is its default.</param>
/// <param name="Type">As DescribeConfigs sends it.</param>
/// <param name="Default">What holds without a setting of the topic's own.</param>
/// <param name="IsValid">Whether the topic may have this value.</param>
/// <param name="Expected">What it may have, for the error message.</param>
internal sealed record TopicConfigKey(
    string Name, string BrokerName, ConfigType Type, Func<BrokerSettings, string> Default, Func<string, bool> IsValid, string Expected);

/// <summary>
/// The settings that a topic may have. One that is not here is refused when the topic is created: a broker that takes a setting
/// and does nothing with it surprises later.
/// </summary>
internal static class TopicConfigKeys
{
    public const string LogAppendTime = "LogAppendTime";

    public const string Compact = "compact";

    public const string Delete = "delete";

    public const string Strict = "strict";

    private const string CreateTime = "CreateTime";

    /// <summary>Positions in a segment are 32 bits wide.</summary>
    private const int LargestSegment = 1024 * 1024 * 1024;

    public static readonly TopicConfigKey MaxMessageBytes = new(
        "max.message.bytes", "message.max.bytes", ConfigType.Int,
        b => Text(b.MaxMessageBytes), v => IsBetween(v, 0, LargestSegment), "an integer from 0 to 1073741824");

    public static readonly TopicConfigKey SegmentBytes = new(
        "segment.bytes", "log.segment.bytes", ConfigType.Int,
        b => Text(b.SegmentBytes), v => IsBetween(v, 4096, LargestSegment), "an integer from 4096 to 1073741824");

    public static readonly TopicConfigKey TimestampType = new(
        "message.timestamp.type", "log.message.timestamp.type", ConfigType.String,
        b => b.LogMessageTimestampType, v => v is CreateTime or LogAppendTime, "CreateTime or LogAppendTime");

    public static readonly TopicConfigKey CleanupPolicy = new(
        "cleanup.policy", "log.cleanup.policy", ConfigType.List,
        b => b.LogCleanupPolicy, v => v is Delete or Compact or "compact,delete" or "delete,compact", "delete, compact or both");

    public static readonly TopicConfigKey DeleteRetention = new(
        "delete.retention.ms", "log.cleaner.delete.retention.ms", ConfigType.Long,
        b => Milliseconds(b.LogCleanerDeleteRetention), v => IsBetween(v, 0, long.MaxValue), "a number of milliseconds");

    /// <summary>Not a setting of Kafka's, which flushes by itself never: the name stands beside its flush.ms.</summary>
    public static readonly TopicConfigKey FlushPolicy = new(
        "flush.policy", "log.flush.policy", ConfigType.String,
        b => b.LogFlushPolicy, v => v is Strict or "os", "strict (acks=all is answered after an fsync) or os (when the operating system has the records)");

    public static readonly TopicConfigKey RetentionBytes = new(
        "retention.bytes", "log.retention.bytes", ConfigType.Long,
        b => Text(b.LogRetentionBytes), v => IsBetween(v, -1, long.MaxValue), "a number of bytes, or -1 for all");

    public static readonly TopicConfigKey Retention = new(
        "retention.ms", "log.retention.ms", ConfigType.Long,
        b => Milliseconds(b.LogRetention), v => IsBetween(v, -1, long.MaxValue), "a number of milliseconds, or -1 for ever");

    public static readonly TopicConfigKey SegmentAge = new(
        "segment.ms", "log.roll.ms", ConfigType.Long,
        b => Milliseconds(b.SegmentAge), v => IsBetween(v, 1, long.MaxValue), "a number of milliseconds from 1 on");

    public static readonly IReadOnlyList<TopicConfigKey> All =
    [
        CleanupPolicy,
        new("compression.type", "compression.type", ConfigType.String,
            _ => "producer", v => v is "producer", "producer: batches are kept as they come"),
        DeleteRetention,
        FlushPolicy,
        MaxMessageBytes,
        TimestampType,
        new("min.insync.replicas", "min.insync.replicas", ConfigType.Int, _ => "1", v => v is "1", "1: there is one broker"),
        RetentionBytes,
        Retention,
        SegmentBytes,
        SegmentAge,
    ];

    /// <summary>Null when a topic may have these settings; otherwise what is wrong.</summary>
    public static string? Check(IReadOnlyDictionary<string, string> configs)
    {
        foreach (var (name, value) in configs)
        {
            var key = All.FirstOrDefault(k => k.Name == name);
            if (key is null)
                return $"This broker has no topic setting {name}.";
            if (!key.IsValid(value))
                return $"{name} cannot be {value}: it must be {key.Expected}.";
        }

        return null;
    }

    private static string Milliseconds(TimeSpan value) => Text(value == Timeout.InfiniteTimeSpan ? -1 : (long)value.TotalMilliseconds);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsBetween(string value, long low, long high) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high;
}
