using System.Globalization;
using Millrace.Broker.Log;

namespace Millrace.Broker.Topics;

/// <summary>The settings of a topic as they take effect: its own where it has them, the broker's otherwise.</summary>
internal sealed class TopicConfig
{
    public static readonly IReadOnlyDictionary<string, string> NothingOwn = new Dictionary<string, string>();

    /// <param name="own">What was given when the topic was created. Checked by <see cref="TopicConfigKeys.Check"/>.</param>
    /// <param name="broker">Where the others come from.</param>
    public TopicConfig(IReadOnlyDictionary<string, string> own, BrokerSettings broker)
    {
        Own = own;
        Broker = broker;
        MaxMessageBytes = Number(TopicConfigKeys.MaxMessageBytes);
        SegmentBytes = Number(TopicConfigKeys.SegmentBytes);
        IsCompacted = Cleanup(TopicConfigKeys.Compact);
    }

    public IReadOnlyDictionary<string, string> Own { get; }

    public BrokerSettings Broker { get; }

    public int MaxMessageBytes { get; }

    public int SegmentBytes { get; }

    /// <summary>Every record must have a key then.</summary>
    public bool IsCompacted { get; }

    public LogSettings ToLogSettings() => new()
    {
        SegmentBytes = SegmentBytes,
        MaxProducers = Broker.MaxProducersPerPartition,
        UsesLogAppendTime = ValueOf(TopicConfigKeys.TimestampType) == TopicConfigKeys.LogAppendTime,
        SegmentAge = Time(TopicConfigKeys.SegmentAge),
        IsDeleted = Cleanup(TopicConfigKeys.Delete),
        IsCompacted = IsCompacted,
        Retention = Time(TopicConfigKeys.Retention),
        RetentionBytes = long.Parse(ValueOf(TopicConfigKeys.RetentionBytes), CultureInfo.InvariantCulture),
        DeleteRetention = Time(TopicConfigKeys.DeleteRetention),
        FlushesBeforeAnswer = ValueOf(TopicConfigKeys.FlushPolicy) == TopicConfigKeys.Strict,
    };

    public string ValueOf(TopicConfigKey key) => Own.TryGetValue(key.Name, out var value) ? value : key.Default(Broker);

    private bool Cleanup(string policy) => ValueOf(TopicConfigKeys.CleanupPolicy).Split(',').Contains(policy);

    /// <summary>-1, or more than a clock can count, is for ever.</summary>
    private TimeSpan Time(TopicConfigKey key)
    {
        var milliseconds = long.Parse(ValueOf(key), CultureInfo.InvariantCulture);
        return milliseconds < 0 || milliseconds > TimeSpan.MaxValue.TotalMilliseconds - 1
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(milliseconds);
    }

    private int Number(TopicConfigKey key) => int.Parse(ValueOf(key), CultureInfo.InvariantCulture);
}
